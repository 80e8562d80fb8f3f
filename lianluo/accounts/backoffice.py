"""后台按角色开放：谁能看、谁能改写在类上，不用 Django 的逐模型权限。"""
from __future__ import annotations

from lianluo.web.error_texts import apply


class ByRole:
    """ModelAdmin 与内嵌表共用。``edit_roles`` 能增改，``view_roles`` 另外能看；删除一律不开放，除非写明。"""

    edit_roles: tuple[str, ...] = ()
    view_roles: tuple[str, ...] = ()
    deletable = False

    def get_form(self, request, obj=None, change=False, **kwargs):
        return _explained(super().get_form(request, obj, change=change, **kwargs))

    def get_formset(self, request, obj=None, **kwargs):
        formset = super().get_formset(request, obj, **kwargs)
        _explained(formset.form)
        return formset

    def may_edit(self, request) -> bool:
        return _has(request.user, self.edit_roles)

    def has_module_permission(self, request) -> bool:
        return _has(request.user, (*self.edit_roles, *self.view_roles))

    def has_view_permission(self, request, obj=None) -> bool:
        return self.has_module_permission(request)

    def has_add_permission(self, request, obj=None) -> bool:
        return self.may_edit(request)

    def has_change_permission(self, request, obj=None) -> bool:
        return self.may_edit(request)

    def has_delete_permission(self, request, obj=None) -> bool:
        return self.deletable and self.may_edit(request)


def _explained(form):
    """填错时说要做什么，与工作页面同一套话。"""
    for field in form.base_fields.values():
        apply(field)
    return form


def _has(user, codes: tuple[str, ...]) -> bool:
    return user.is_authenticated and user.has_role(*codes)
