from django.urls import URLPattern, URLResolver, path

from workflows.views import audit, case, files, inbox, incidents, notifications, search

app_name = "workflows"
urlpatterns: list[URLPattern | URLResolver] = [
    path("home/", inbox.home, name="home"),
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/next/", inbox.next_task, name="next"),
    path("inbox/claim/", inbox.claim_selected, name="claim_selected"),
    path("tasks/<uuid:pk>/", inbox.task, name="task"),
    path("tasks/<uuid:pk>/claim/", inbox.claim, name="claim"),
    path("tasks/<uuid:pk>/give-back/", inbox.give_back, name="give_back"),
    path("tasks/<uuid:pk>/hand-over/", inbox.hand_over, name="hand_over"),
    path("cases/<uuid:pk>/", case.case, name="case"),
    path("cases/<uuid:pk>/journal/", case.case, {"code": "journal"}, name="journal"),
    path("cases/<uuid:pk>/evidence/", audit.evidence, name="evidence"),
    path("cases/<uuid:pk>/<slug:code>/", case.case, name="case_tab"),
    path("files/<uuid:pk>/", files.download, name="download"),
    path("notifications/", notifications.notifications, name="notifications"),
    path("notifications/read/", notifications.mark_read, name="mark_read"),
    path("notifications/<uuid:pk>/open/", notifications.open_notice, name="open_notice"),
    path("search/", search.search, name="search"),
    path("audit/", audit.audit, name="audit"),
    path("audit/verification/", audit.verification, name="verification"),
    path("incidents/", incidents.incidents, name="incidents"),
    path("incidents/jobs/<uuid:pk>/retry/", incidents.retry_job, name="retry_job"),
    path("incidents/timers/<uuid:pk>/retry/", incidents.retry_timer, name="retry_timer"),
]
