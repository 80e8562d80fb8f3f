from .urls_deputy import urlpatterns as deputy
from .urls_importing import urlpatterns as importing
from .urls_office import urlpatterns as office

app_name = "suggestions"
urlpatterns = [*deputy, *importing, *office]
