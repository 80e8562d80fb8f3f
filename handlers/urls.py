from .urls_assigning import urlpatterns as assigning
from .urls_evaluating import urlpatterns as evaluating
from .urls_handling import urlpatterns as handling

app_name = "handlers"
urlpatterns = [*assigning, *handling, *evaluating]
