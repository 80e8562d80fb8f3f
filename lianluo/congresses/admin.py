"""届次会议的后台：联工委与系统管理员维护，改动留痕。"""
from django.contrib import admin

from lianluo.accounts.backoffice import ByRole
from lianluo.accounts.roles import Role
from lianluo.audit.backoffice import Recorded

from .models import Congress, Session, Term

KEEPERS = (Role.NPC_OFFICE.value, Role.SYSADMIN.value)


class CongressesAdmin(ByRole, Recorded, admin.ModelAdmin):
    edit_roles = KEEPERS
    list_per_page = 50
    show_full_result_count = False


@admin.register(Congress)
class CongressAdmin(CongressesAdmin):
    list_display = ["name", "short", "tier", "parent"]
    list_select_related = ["parent"]
    list_filter = ["tier"]
    search_fields = ["name", "short"]
    autocomplete_fields = ["parent"]


@admin.register(Term)
class TermAdmin(CongressesAdmin):
    list_display = ["__str__", "congress", "starts_on", "ends_on"]
    list_select_related = ["congress"]
    search_fields = ["congress__name", "congress__short", "number"]
    autocomplete_fields = ["congress"]


@admin.register(Session)
class SessionAdmin(CongressesAdmin):
    list_display = ["name", "code", "opened_on", "closed_on", "profile", "is_current"]
    list_select_related = ["term__congress", "profile"]
    list_filter = ["term"]
    search_fields = ["name", "code"]
    autocomplete_fields = ["term"]
    date_hierarchy = "opened_on"
