"""唯一的设置文件：一切由环境变量决定，没有只在生产环境才存在的东西。

变量逐条列在 ``.env.example``。不设任何变量时是演示形态：SQLite、无 Redis、邮件与短信落在 ``var/``。
"""

from pathlib import Path

import environ

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
environ.Env.read_env(BASE_DIR / ".env")

VAR_DIR = Path(env.str("LIANLUO_VAR", default=str(BASE_DIR / "var"))).resolve()
VAR_DIR.mkdir(parents=True, exist_ok=True)


def _secret_key() -> str:
    """密钥取自环境；没有就生成一个留在 var/，重启后会话仍有效。"""
    from django.core.management.utils import get_random_secret_key

    given = env.str("SECRET_KEY", default="")
    if given:
        return given
    path = VAR_DIR / "secret_key"
    if not path.exists():
        path.write_text(get_random_secret_key(), encoding="utf-8")
        path.chmod(0o600)
    return path.read_text(encoding="utf-8").strip()


SECRET_KEY = _secret_key()
DEBUG = env.bool("DEBUG", default=False)
HTTPS = env.bool("LIANLUO_HTTPS", default=False)
SECOND_FACTOR = env.bool("LIANLUO_SECOND_FACTOR", default=False)
DEMO = env.bool("LIANLUO_DEMO", default=False)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
SITE_URL = env.str("SITE_URL", default="http://127.0.0.1:" + env.str("PORT", default="8000"))
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "lianluo.admin_site.LianluoAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "django_filters",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "axes",
    "lianluo.congresses",
    "lianluo.workdays",
    "lianluo.accounts",
    "lianluo.audit",
    "lianluo.notices",
    "lianluo.documents",
    "lianluo.web",
    "suggestions",
    "handlers",
    "supervision",
    "lianluo.operations",
]

MIDDLEWARE = [
    # 安全响应头在最外面：里面哪一层拒绝的（主机名不认、请求太大），回答都带着
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "lianluo.accounts.middleware.SessionLimitMiddleware",
    "lianluo.audit.middleware.AuditContextMiddleware",
    "lianluo.web.middleware.DomainErrorMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "lianluo.urls"
WSGI_APPLICATION = "lianluo.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "lianluo.web.context.site",
            ],
            "builtins": ["lianluo.web.templatetags.lianluo"],
        },
    }
]

# ── 数据库：默认 SQLite，DATABASE_URL 换成 PostgreSQL，别的什么也不变 ──
DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'lianluo.sqlite3'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # IMMEDIATE：写事务一开始就取写锁，lock_case 在 SQLite 上才名副其实。
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
    }
else:
    DATABASES["default"].setdefault("CONN_MAX_AGE", env.int("CONN_MAX_AGE", default=60))
    DATABASES["default"].setdefault("CONN_HEALTH_CHECKS", True)
    # 前面是事务级的连接池：不用服务器端游标，也不 PREPARE（lianluo/statements.py）
    DATABASES["default"]["DISABLE_SERVER_SIDE_CURSORS"] = env.bool("DATABASE_POOLED", default=False)
    DATABASES["default"]["OPTIONS"] = {"connect_timeout": 5, **DATABASES["default"].get("OPTIONS", {})}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# ── Redis 与 Celery：没有 REDIS_URL 时由 `manage.py tick --loop` 直接调用同样的任务函数 ──
REDIS_URL = env.str("REDIS_URL", default="")
CELERY_BROKER_URL = REDIS_URL or "memory://"
CELERY_TASK_ALWAYS_EAGER = not REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_TIME_LIMIT = 1500
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 1800,
    "unacked_restore_interval": 1,
    "unacked_restore_throttle": 1,
    "socket_timeout": 2,
    "socket_connect_timeout": 2,
}
CELERY_TIMEZONE = "Asia/Shanghai"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
if REDIS_URL:
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": REDIS_URL,
            "OPTIONS": {"socket_timeout": 2, "socket_connect_timeout": 2},
        }
    }

# ── 身份与会话 ──
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "lianluo.accounts.backends.AccountBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "lianluo.accounts.passwords.ContextWordsValidator"},
]
PASSWORD_MAX_AGE_DAYS = env.int("LIANLUO_PASSWORD_DAYS", default=0)  # 等保要求 90；0 为不限（ASVS 6.2.10）
LOGIN_URL = "accounts:login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "public:home"
SESSION_ENGINE = "lianluo.accounts.session_store"
SESSION_COOKIE_NAME = "__Host-lianluo" if HTTPS else "lianluo"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_AGE = 12 * 3600
SESSION_IDLE_SECONDS = env.int("SESSION_IDLE_SECONDS", default=4 * 3600)
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "lianluo-csrf"
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "lianluo.web.errors.csrf_failure"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # 小时
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "lianluo.accounts.views.locked_out"
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # 锁定期内再试不延长
AXES_USERNAME_CALLABLE = "lianluo.accounts.backends.axes_username"
AXES_CLIENT_IP_CALLABLE = "lianluo.audit.middleware.client_ip"
AXES_SENSITIVE_PARAMETERS = [
    "username",
    "ip_address",
    "old_password",
    "new_password",
    "new_password_again",
    "code",
    "contact",
]
AXES_DISABLE_ACCESS_LOG = True  # 登录与退出由留痕记
AXES_ENABLE_ADMIN = False  # 解除锁定在账号页
AXES_IPWARE_PROXY_COUNT = env.int("LIANLUO_PROXY_COUNT", default=0)
AXES_VERBOSE = False

# ── 安全响应头 ──
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]  # 负载均衡从内网探活
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "EXCLUDE_URL_PREFIXES": [],
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    },
}

# ── 语言、时间、静态与上传 ──
LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True
DATE_FORMAT = "Y-m-d"
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": env.str("STATICFILES_STORAGE", default="whitenoise.storage.CompressedManifestStaticFilesStorage")
    },
}
WHITENOISE_USE_FINDERS = DEBUG
MEDIA_ROOT = VAR_DIR / "files"  # 不设 MEDIA_URL：上传件只经有权限的视图读出
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_MEMORY_SIZE = 10_485_760
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
DATA_UPLOAD_MAX_NUMBER_FILES = 20
FILE_UPLOAD_PERMISSIONS = 0o640
LIANLUO_ATTACHMENT_MB = env.int("LIANLUO_ATTACHMENT_MB", default=20)  # 每件附件的上限

# ── 邮件与短信：默认落成文件，部署时换成真的 ──
EMAIL_CONFIG = env.email_url("EMAIL_URL", default="filemail://")
vars().update(EMAIL_CONFIG)
if EMAIL_CONFIG["EMAIL_BACKEND"].endswith("filebased.EmailBackend"):
    EMAIL_FILE_PATH = VAR_DIR / "mail"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="联络 <lianluo@localhost>")
SMS_BACKEND = env.str("SMS_BACKEND", default="lianluo.notices.channels.sms.FileBackend")
SMS_FILE_PATH = VAR_DIR / "sms"

# ── 这套系统给谁用：全部文字来自设置 ──
SITE_NAME = env.str("LIANLUO_SITE_NAME", default="代表建议办理")
ORGAN_NAME = env.str("LIANLUO_ORGAN", default="湖南省人大常委会选举任免联络工作委员会")
ORGAN_PHONE = env.str("LIANLUO_PHONE", default="0731-85309270")
ORGAN_ADDRESS = env.str("LIANLUO_ADDRESS", default="湖南省长沙市韶山北路1号")
SITE_RECORD = env.str("LIANLUO_RECORD", default="")  # 备案号，有则显示在页脚，下面几项同
ORGAN_POSTCODE = env.str("LIANLUO_POSTCODE", default="410011")
SITE_POLICE_RECORD = env.str("LIANLUO_POLICE_RECORD", default="")
SITE_CODE = env.str("LIANLUO_SITE_CODE", default="")
SITE_SUPPORT = env.str("LIANLUO_SUPPORT", default="")
NAVIGATION = "lianluo.navigation.NAVIGATION"
FORM_RENDERER = "lianluo.web.drawing.Drawing"

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "lianluo.accounts.tokens.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["lianluo.rest.parsers.JSONParser", "rest_framework.parsers.MultiPartParser"],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "lianluo.rest.Pagination",
    "DEFAULT_SCHEMA_CLASS": "lianluo.rest.schema.Schema",
    # 没有登录的在限速之前就被拒了，只按账号限
    "DEFAULT_THROTTLE_CLASSES": ["rest_framework.throttling.UserRateThrottle"],
    "DEFAULT_THROTTLE_RATES": {"user": env.str("LIANLUO_API_RATE", default="600/min")},
    "EXCEPTION_HANDLER": "lianluo.rest.exception_handler",
    "PAGE_SIZE": 50,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "联络：代表建议办理接口",
    "DESCRIPTION": "人民代表大会代表建议、批评和意见办理系统的接口。写操作与页面调用同一组动作，权限相同。",
    "VERSION": "1.0.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "ENUM_NAME_OVERRIDES": {
        "SuggestionStatus": "suggestions.models.SuggestionStatus",
        "SuggestionKind": "suggestions.models.SuggestionKind",
        "DeclineGround": "suggestions.models.DeclineGround",
        "Purpose": "suggestions.models.Purpose",
        "UnitKind": "handlers.models.UnitKind",
        "AssignmentStatus": "handlers.models.AssignmentStatus",
        "AssignmentRole": "handlers.models.AssignmentRole",
        "ReturnGround": "handlers.models.ReturnGround",
        "ActivityKind": "handlers.models.ActivityKind",
        "OpinionStatus": "handlers.models.OpinionStatus",
        "Adoption": "handlers.models.Adoption",
        "ReplyStatus": "handlers.models.ReplyStatus",
        "Publication": "handlers.models.Publication",
        "Publishable": "handlers.api.inputs.PUBLISHABLE",
        "Satisfaction": "handlers.models.Satisfaction",
        "LedgerKind": "supervision.models.LedgerKind",
        "LedgerStatus": "supervision.models.LedgerStatus",
    },
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="WARNING")},
    "loggers": {"axes": {"level": "ERROR"}},
}
SILENCED_SYSTEM_CHECKS: list[str] = []
