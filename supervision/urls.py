from .urls_case import urlpatterns as case
from .urls_checks import urlpatterns as checks
from .urls_classified import urlpatterns as classified
from .urls_ledger import urlpatterns as ledger
from .urls_scoring import urlpatterns as scoring

app_name = "supervision"
urlpatterns = [*case, *checks, *ledger, *classified, *scoring]
