from django.urls import path

from .views import own_pages, sign_in

app_name = "accounts"
urlpatterns = [
    path("login/", sign_in.login, name="login"),
    path("login/code/", sign_in.request_code, name="code"),
    path("login/code/check/", sign_in.check_code, name="code_check"),
    path("login/second/", sign_in.second_step, name="second_step"),
    path("login/second/resend/", sign_in.resend_second, name="second_resend"),
    path("logout/", sign_in.logout, name="logout"),
    path("account/", own_pages.profile, name="profile"),
    path("account/password/", own_pages.password, name="password_change"),
    path("account/sessions/end-others/", own_pages.end_others, name="sessions_end_others"),
    path("account/sessions/<int:pk>/end/", own_pages.end_one, name="session_end"),
    path("account/tokens/", own_pages.token_list, name="tokens"),
    path("account/tokens/<int:pk>/revoke/", own_pages.revoke_token, name="token_revoke"),
]
