from .urls_case import urlpatterns as case
from .urls_ledger import urlpatterns as ledger

app_name = "supervision"
urlpatterns = [*case, *ledger]
