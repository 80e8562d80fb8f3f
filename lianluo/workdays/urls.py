"""工作日历的地址。"""
from datetime import date

from django.urls import path, register_converter

from . import views


class DayConverter:
    """地址里的日期：2018-04-09。"""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> date:
        return date.fromisoformat(value)

    def to_url(self, value: date) -> str:
        return value.isoformat()


register_converter(DayConverter, "day")
app_name = "workdays"
urlpatterns = [
    path("workdays/", views.index, name="index"),
    path("workdays/<int:year>/", views.year, name="year"),
    path("workdays/<int:year>/cover/", views.cover_year, name="cover"),
    path("workdays/days/<day:day>/", views.day, name="day"),
    path("workdays/import/", views.import_year, name="import"),
    path("workdays/changes/<int:pk>/", views.change, name="change"),
    path("workdays/calculator/", views.calculator, name="calculator"),
    path("workdays/calculator.ics", views.calculator_ics, name="calculator_ics"),
]
