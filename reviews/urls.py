from django.urls import URLPattern, URLResolver, path

from reviews.views import assessments, completeness, letters, opinions, prints, selection

app_name = "reviews"
urlpatterns: list[URLPattern | URLResolver] = [
    # completeness, admissibility, eligibility
    path("dossiers/<uuid:pk>/completeness/", completeness.completeness, name="completeness"),
    path("dossiers/<uuid:pk>/pieces/<slug:code>/verdict/", completeness.verdict, name="verdict"),
    path("piece-requests/<uuid:pk>/", completeness.production, name="production"),
    path("dossiers/<uuid:pk>/admissibility/", completeness.admissibility, name="admissibility"),
    path("dossiers/<uuid:pk>/eligibility/", completeness.eligibility, name="eligibility"),
    # assessments
    path("dossiers/<uuid:pk>/assignments/", assessments.assignments, name="assignments"),
    path("assignments/<uuid:pk>/interests/", assessments.interests, name="interests"),
    path("assignments/<uuid:pk>/", assessments.assess, name="assess"),
    path("assignments/<uuid:pk>/autosave/", assessments.autosave, name="autosave"),
    path("dossiers/<uuid:pk>/review/", assessments.review, name="review"),
    path("dossiers/<uuid:pk>/review/conclude/", assessments.conclude, name="conclude"),
    # opinions
    path("opinions/<uuid:pk>/interests/", assessments.seat_interests, name="seat_interests"),
    path("opinions/<uuid:pk>/", opinions.opinion, name="opinion"),
    path("body-opinions/<uuid:pk>/interests/", assessments.body_interests, name="body_interests"),
    path("body-opinions/<uuid:pk>/", opinions.body_opinion, name="body_opinion"),
    path("body-opinions/<uuid:pk>/opinion.pdf", prints.body_opinion_pdf, name="body_opinion_pdf"),
    # selection
    path("selections/<uuid:pk>/", selection.selection, name="selection"),
    path("selections/<uuid:pk>/opinions.pdf", prints.opinions_pdf, name="opinions_pdf"),
    path("selections/<uuid:pk>/applying/", selection.applying, name="applying"),
    path("rankings/<uuid:pk>/", selection.ranking, name="ranking"),
    path("rankings/<uuid:pk>/lines/<uuid:dossier_pk>/", selection.adjust, name="adjust"),
    path("rankings/<uuid:pk>/vote/", selection.vote, name="vote"),
    path("rankings/<uuid:pk>/ranking.pdf", prints.ranking_pdf, name="ranking_pdf"),
    path("rankings/<uuid:pk>/ranking.xlsx", prints.ranking_xlsx, name="ranking_xlsx"),
    path("rankings/<uuid:pk>/annex.pdf", prints.annex_pdf, name="annex_pdf"),
    path("dossiers/<uuid:pk>/promote/", selection.promote, name="promote"),
    # letters
    path("letters/", letters.letters, name="letters"),
    path("letters/release/", letters.release_letters, name="release_letters"),
    path("letters/progress/", letters.progress, name="letters_progress"),
    path("letters/<uuid:pk>/", letters.letter, name="letter"),
    path("letters/<uuid:pk>/open/", letters.open_letter, name="open_letter"),
    path("letters/<uuid:pk>/letter.pdf", letters.preview, name="letter_preview"),
]
