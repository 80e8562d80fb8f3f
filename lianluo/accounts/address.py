"""来源地址：与登录锁定用同一个函数，转发头只在声明了代理层数时采信（ASVS 4.1.3）。"""
from axes.helpers import get_client_ip_address


def client_ip(request) -> str:
    """请求的来源地址，不明时为空串。"""
    return (get_client_ip_address(request) or "")[:45]
