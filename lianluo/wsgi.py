"""WSGI 入口：``gunicorn lianluo.wsgi``。"""
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lianluo.settings")

application = get_wsgi_application()
