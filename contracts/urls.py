from django.urls import URLPattern, URLResolver, path

from contracts.views import bank, closure, contracts, payments, pilot, reports, signature

app_name = "contracts"
urlpatterns: list[URLPattern | URLResolver] = [
    path("contracts/", contracts.contracts, name="contracts"),
    path("contracts/mine/", contracts.mine, name="mine"),
    path("dossiers/<uuid:pk>/contract/", contracts.prepare, name="prepare"),
    path("dossiers/<uuid:pk>/contract/preview/", contracts.preview, name="preview"),
    path("dossiers/<uuid:pk>/bank/", bank.bank, name="bank"),
    path("bank-accounts/<uuid:pk>/", bank.bank_check, name="bank_check"),
    path("reservations/<uuid:pk>/lift/", contracts.lift, name="lift"),
    path("contracts/<uuid:pk>/", contracts.contract, name="contract"),
    path("contracts/<uuid:pk>/sign/", signature.sign, name="sign"),
    path("contracts/<uuid:pk>/signed/", signature.signed, name="signed"),
    path("contracts/<uuid:pk>/payments/", payments.payments, name="payments"),
    path("contracts/<uuid:pk>/closure/", closure.closure, name="closure"),
    path("instalments/", payments.worklist, name="worklist"),
    path("instalments/<uuid:pk>/", payments.instalment, name="instalment"),
    path("reports/", reports.reports, name="reports"),
    path("reports/<uuid:pk>/", reports.report, name="report"),
    path("reports/<uuid:pk>/autosave/", reports.autosave, name="report_autosave"),
    path("reports/<uuid:pk>/evidence/", reports.evidence, name="evidence"),
    path("recoveries/<uuid:pk>/", closure.recovery, name="recovery"),
    path("pilot/", pilot.pilot, name="pilot"),
    path("pilot/dossiers/", pilot.pilot_all, name="pilot_all"),
    path("calls/<uuid:pk>/pilot/", pilot.call_pilot, name="call_pilot"),
    path("calls/<uuid:pk>/pilot/dossiers/", pilot.pilot_dossiers, name="pilot_dossiers"),
]
