"""分类办理对比、追责的地址。"""
from django.urls import path

from .views import accountability, classified

urlpatterns = [
    path("statistics/classified/", classified.compare, name="classified"),
    path("accountability/", accountability.index, name="accountability"),
    path("accountability/<int:pk>/", accountability.show, name="accountability_show"),
    path("accountability/steps/<int:pk>/", accountability.register, name="accountability_new"),
]
