from django.urls import URLPattern, URLResolver, path

from accounts import views

app_name = "accounts"
urlpatterns: list[URLPattern | URLResolver] = [
    path("profile/", views.profile, name="profile"),
    path("organisations/join/", views.join, name="join"),
    path("organisations/<uuid:pk>/", views.organisation, name="organisation"),
    path("memberships/<uuid:pk>/approve/", views.approve, name="approve"),
    path("memberships/<uuid:pk>/decline/", views.decline, name="decline"),
]
