"""Django settings of SalesLoop. One process serves one workspace; everything that may differ comes from the environment."""

from pathlib import Path

from csp.constants import NONE, SELF

from salesloop.app.config import environment
from salesloop.app.config.caching import cache_for_a_year

APP = Path(__file__).resolve().parent.parent

WORKSPACE = environment.workspace_path()
SECRET_KEY = environment.secret_key(WORKSPACE)
DEBUG = environment.flag("SALESLOOP_DEBUG")
ALLOWED_HOSTS = environment.names("SALESLOOP_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = environment.names("SALESLOOP_ORIGINS")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "axes",
    "csp",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "salesloop.app.ui",
    "salesloop.app.audit",
    "salesloop.app.accounts",
    "salesloop.app.org",
    "salesloop.app.notices",
    "salesloop.app.administration",
    "salesloop.app.pages",
    "salesloop.app.jobs",
    "salesloop.app.data",
    "salesloop.app.metrics",
    "salesloop.app.prediction",
    "salesloop.app.customers",
    "salesloop.app.talks",
    "salesloop.app.texts",
    "salesloop.app.channels",
    "salesloop.app.quality",
    "salesloop.app.targets",
    "salesloop.app.findings",
    "salesloop.app.actions",
    "salesloop.app.governance",
    "salesloop.app.team",
    "salesloop.app.dashboards",
    "salesloop.app.publishing",
    "salesloop.app.api",
]

MIDDLEWARE = [
    "salesloop.app.config.middleware.RequestId",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "salesloop.app.accounts.middleware.Preferences",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "salesloop.app.config.leaving.Leaving",
    "salesloop.app.config.middleware.FriendlyErrors",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "salesloop.app.config.urls"
WSGI_APPLICATION = "salesloop.app.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "salesloop.app.ui.context.shell",
                "salesloop.app.notices.context.bell",
                "salesloop.app.pages.freshness.stamp",
            ],
            "builtins": ["django.templatetags.i18n", "salesloop.app.ui.templatetags.ui"],
        },
    }
]

DATABASES = {"default": environment.database(WORKSPACE)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# People
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "salesloop.app.accounts.backend.LoginBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("login", "name", "email")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "accounts:login"
LOGIN_REDIRECT_URL = "dashboards:overview"
LOGOUT_REDIRECT_URL = "accounts:login"
AXES_FAILURE_LIMIT = 6
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "salesloop.app.accounts.views.locked_out"
AXES_USERNAME_FORM_FIELD = "login"
AXES_VERBOSE = False
AXES_ENABLE_ACCESS_FAILURE_LOG = False

# What a browser may do with our pages
SECURE_COOKIES = environment.flag("SALESLOOP_SECURE_COOKIES")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = SECURE_COOKIES
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_NAME = "salesloop_session"
CSRF_COOKIE_NAME = "salesloop_csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "salesloop.app.config.errors.csrf_failure"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_HSTS_SECONDS = 31_536_000 if SECURE_COOKIES else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if environment.flag("SALESLOOP_BEHIND_PROXY") else None
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "manifest-src": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# Words, days, numbers
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("zh-hant", "繁體中文"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "salesloop_language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LOCALE_PATHS = [APP / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"  # what is stored; the Preferences middleware shows the workspace's own zone

# Long work: queued in the database, done by the worker
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}

# Files
STATIC_URL = "static/"
STATICFILES_DIRS = [APP / "static"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_ADD_HEADERS_FUNCTION = cache_for_a_year
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_HANDLERS = [
    "salesloop.app.data.limits.RefuseTooLarge",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000
DATA_UPLOAD_MAX_NUMBER_FILES = 2_000  # the upload page counts them itself and says how many it takes

# One line per event on standard error: time, level, what, the error id. Never a request body, a query string,
# a cookie or a setting. FriendlyErrors writes the line of a failed request, so Django's own copy is off.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        "django.request": {"handlers": ["console"], "level": "CRITICAL", "propagate": False},
        "salesloop": {"handlers": ["console"], "level": "INFO", "propagate": False},
        "axes": {"handlers": ["console"], "level": "ERROR", "propagate": False},
    },
}
