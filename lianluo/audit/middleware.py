"""给每个请求一个请求号，并记下真实来源地址（转发头只在声明了代理层数时采信）。"""
import secrets

from django.conf import settings

from . import context


def client_ip(request) -> str:
    """直接来源；部署在 n 层代理之后时取转发链倒数第 n 个。"""
    hops = settings.AXES_IPWARE_PROXY_COUNT
    forwarded = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    if hops and len(forwarded) >= hops:
        return forwarded[-hops][:45]
    return request.META.get("REMOTE_ADDR", "")[:45]


class AuditContextMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        here = context.Here(ip=client_ip(request), request_id=secrets.token_hex(8))
        with context.of(here):
            return self.get_response(request)
