from django.urls import URLPattern, URLResolver, path

from calls.views import calls, dossiers, drafts, pacts, pieces, public, staff

app_name = "calls"
urlpatterns: list[URLPattern | URLResolver] = [
    # public
    path("", public.home, name="home"),
    path("calls/", public.open_list, name="open_calls"),
    path("calls/past/", public.past_list, name="past_calls"),
    path("calls/<uuid:pk>/", public.call, name="call"),
    path("calls/<uuid:pk>/text/", public.call_text, name="call_text"),
    # applicants
    path("my/dossiers/", dossiers.my_dossiers, name="my_dossiers"),
    path("calls/<uuid:pk>/apply/", dossiers.start, name="start"),
    path("dossiers/<uuid:pk>/draft/", drafts.overview, name="draft"),
    path("dossiers/<uuid:pk>/draft/partners/remove/", drafts.remove_partner, name="remove_partner"),
    path("dossiers/<uuid:pk>/draft/<slug:section>/", drafts.section, name="draft"),
    path("dossiers/<uuid:pk>/draft/<slug:section>/save/", drafts.autosave, name="autosave"),
    path("dossiers/<uuid:pk>/pieces/", pieces.pieces, name="pieces"),
    path("dossiers/<uuid:pk>/pieces/<slug:code>/remove/", pieces.remove_piece, name="remove_piece"),
    path("dossiers/<uuid:pk>/submit/", dossiers.submit, name="submit"),
    path("dossiers/<uuid:pk>/receipt/", dossiers.receipt, name="receipt"),
    path("dossiers/<uuid:pk>/withdraw/", dossiers.withdraw, name="withdraw"),
    path("dossiers/<uuid:pk>/print/", dossiers.application_page, name="application"),
    path("dossiers/<uuid:pk>/application.pdf", dossiers.application_pdf, name="application_pdf"),
    # the Region
    path("dossiers/", staff.dossiers, name="dossiers"),
    path("dossiers/take-charge/", staff.take_charge, name="take_charge"),
    path("dossiers/<uuid:pk>/take-charge/", staff.take_one, name="take_one"),
    path("manage/calls/", calls.calls, name="calls"),
    path("manage/calls/new/", calls.create, name="create_call"),
    path("manage/calls/<uuid:pk>/", calls.call_admin, name="call_admin"),
    path("manage/calls/<uuid:pk>/edit/<slug:section>/", calls.edit, name="edit_call"),
    path("manage/calls/<uuid:pk>/submit/", calls.submit, name="submit_call"),
    path("manage/calls/<uuid:pk>/publish/", calls.publish, name="publish_call"),
    path("manage/calls/<uuid:pk>/send-back/", calls.send_back, name="send_back_call"),
    path("manage/calls/<uuid:pk>/extend/", calls.extend, name="extend_call"),
    path("manage/calls/<uuid:pk>/cancel/", calls.cancel, name="cancel_call"),
    path("manage/pacts/", pacts.pacts, name="pacts"),
    path("manage/pacts/new/", pacts.create, name="create_pact"),
    path("manage/pacts/<uuid:pk>/", pacts.pact, name="pact"),
    path("manage/pacts/<uuid:pk>/adopt/", pacts.adopt, name="adopt_pact"),
]
