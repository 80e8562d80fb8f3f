from .urls_assigning import urlpatterns as assigning
from .urls_evaluating import urlpatterns as evaluating
from .urls_field import urlpatterns as field
from .urls_handling import urlpatterns as handling
from .urls_plans import urlpatterns as plans
from .urls_serving import urlpatterns as serving

app_name = "handlers"
urlpatterns = [*assigning, *handling, *evaluating, *field, *serving, *plans]
