"""Settings that run with nothing set and refuse a production that is misconfigured.

`ALONGSIDE_ENV` is `demo` (the default), `test` or `production`. In `demo` and `test` everything has a
value: servers out of `config/servers.py`, a secret key made once into `var/`, mail kept on this machine.
In `production` whatever differs from place to place must be set, nothing is guessed, and `config/checks.py`
looks the result over. `.env.example` lists every variable; `docs/deploy.md` explains them.
"""

import re
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import environ
from celery.schedules import crontab
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from config import logs, servers

ROOT = Path(__file__).resolve().parent.parent
VAR = servers.var()
env = environ.Env()

ALONGSIDE_ENV = env.str("ALONGSIDE_ENV", "demo")
if ALONGSIDE_ENV not in {"demo", "test", "production"}:
    raise ImproperlyConfigured(f"ALONGSIDE_ENV is {ALONGSIDE_ENV!r}; it can be demo, test or production.")
PRODUCTION = ALONGSIDE_ENV == "production"
TEST = ALONGSIDE_ENV == "test"

REQUIRED_IN_PRODUCTION = (
    "SECRET_KEY",
    "ALLOWED_HOSTS",
    "DATABASE_URL",
    "REDIS_URL",
    "EMAIL_URL",
    "DEFAULT_FROM_EMAIL",
    "PUBLIC_URL",
)
if PRODUCTION:
    _missing = [name for name in REQUIRED_IN_PRODUCTION if not env.str(name, "").strip()]
    if _missing:
        raise ImproperlyConfigured(f"In production these must be set: {', '.join(_missing)}.")


def whole_number(name: str, default: int, *, least: int = 0) -> int:
    """An environment variable as a whole number; a bad one is refused, never replaced."""
    written = env.str(name, "")
    try:
        number = int(written) if written else default
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} is {written!r}; it must be a whole number.") from error
    if number < least:
        raise ImproperlyConfigured(f"{name} is {number}; it must be at least {least}.")
    return number


def yes_or_no(name: str, *, default: bool) -> bool:
    written = env.str(name, "").strip().lower()
    if written in {"true", "yes", "on", "1"}:
        return True
    if written in {"false", "no", "off", "0"}:
        return False
    if written:
        raise ImproperlyConfigured(f"{name} is {written!r}; it must be true or false.")
    return default


def demo_secret_key() -> str:
    """A key of this checkout, made once. Two processes that make it at the same time agree on one."""
    file = VAR / "secret-key"
    if not file.exists():
        VAR.mkdir(parents=True, exist_ok=True)
        mine = file.with_name(f"secret-key-{secrets.token_hex(8)}")
        mine.touch(mode=0o600)
        mine.write_text(f"demo-{secrets.token_urlsafe(50)}")
        try:
            file.hardlink_to(mine)
        except FileExistsError:
            pass
        finally:
            mine.unlink()
    return file.read_text()


def database(url: str) -> dict[str, Any]:
    """PostgreSQL through a pool of connections; the embedded one where no address is given."""
    try:
        found: dict[str, Any] = dict(environ.Env.db_url_config(url)) if url else {}
    except Exception as error:
        raise ImproperlyConfigured("DATABASE_URL is not an address of a database.") from error
    if not url:
        found = {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": servers.DATABASE,
            "USER": servers.ROLE,
            "HOST": str(servers.postgres_socket_folder()),
        }
    if found.get("ENGINE") != "django.db.backends.postgresql":
        raise ImproperlyConfigured("DATABASE_URL must name a PostgreSQL database (postgres://…).")
    if not found.get("NAME"):
        raise ImproperlyConfigured("DATABASE_URL names no database.")
    # Compiling a query costs more than any of ours takes to run; and what is prepared is prepared to be planned once.
    options = {
        "options": "-c jit=off -c plan_cache_mode=force_generic_plan",
        **found.get("OPTIONS", {}),
        "application_name": "alongside",
    }
    options["pool"] = {"min_size": 0, "max_size": whole_number("DATABASE_POOL", 8, least=1), "timeout": 15}
    return {**found, "OPTIONS": options, "CONN_MAX_AGE": 0, "CONN_HEALTH_CHECKS": True}


def broker(url: str) -> str:
    """The same server in Celery's spelling, which differs for a Unix socket."""
    parts = urlsplit(url)
    if parts.scheme in {"redis", "rediss"} and parts.hostname:
        return url
    if parts.scheme != "unix" or not parts.path:
        raise ImproperlyConfigured("REDIS_URL must be redis://…, rediss://… or unix:///path?db=0.")
    number = parse_qs(parts.query).get("db", ["0"])[0]
    return f"redis+socket://{parts.path}?{urlencode({'virtual_host': number})}"


# The site -------------------------------------------------------------------------------------------

SECRET_KEY = env.str("SECRET_KEY", "") or demo_secret_key()
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
DEBUG = yes_or_no("DEBUG", default=False)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]", "testserver"])
PUBLIC_URL = env.str("PUBLIC_URL", f"http://127.0.0.1:{whole_number('PORT', 8000, least=1)}").rstrip("/")
if urlsplit(PUBLIC_URL).scheme not in {"http", "https"} or not urlsplit(PUBLIC_URL).hostname:
    raise ImproperlyConfigured(f"PUBLIC_URL is {PUBLIC_URL!r}; it must look like https://plans.school.uk.")
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]

INSTALLED_APPS = [
    "accounts",
    "pupils",
    "apdr",
    "reviews",
    "notifications",
    "config",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django_filters",
    "django_htmx",
    "django_structlog",
    "drf_spectacular",
    "guardian",
    "pgtrigger",
    "rest_framework",
]

MIDDLEWARE = [
    "config.middleware.read_the_clock_once",
    "config.middleware.log_the_request",
    "django.middleware.security.SecurityMiddleware",
    "config.middleware.say_what_browsers_may_do",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "config.middleware.keep_pages_out_of_caches",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.SecondFactorMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "config.middleware.say_that_nothing_was_saved",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "config" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "config.context.nav",
                "config.context.seen_as",
            ]
        },
    }
]

LANGUAGE_CODE = "en-gb"
LANGUAGES = [
    ("en-gb", "English")
]  # of pages; what goes out to people goes in the languages of the catalogues, too
LOCALE_PATHS = [ROOT / "config" / "locale"]
MESSAGE_LANGUAGES = sorted(path.name for path in LOCALE_PATHS[0].iterdir())
TIME_ZONE = "Europe/London"
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Data, tasks and mail -------------------------------------------------------------------------------

DATABASES = {"default": database(env.str("DATABASE_URL", ""))}

REDIS_URL = env.str("REDIS_URL", "") or servers.redis_url()
# Tests share a broker with a running demo and with each other; the prefix keeps their queues apart.
REDIS_PREFIX = env.str("REDIS_PREFIX", "alongside-")
CACHES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": f"{REDIS_PREFIX}cache",
        "OPTIONS": {"socket_connect_timeout": 2, "socket_timeout": 5},
    }
}
CACHES["shared"] = CACHES["default"]  # what the web and the workers tell each other, in tests too

CELERY_BROKER_URL = broker(REDIS_URL)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_TIME_LIMIT = 15 * 60  # seconds; less than the next, or a long task would be given out twice
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 20 * 60,
    "global_keyprefix": REDIS_PREFIX,
    # seconds; whoever waits for a page does not wait for a broker that takes a connection and says nothing
    "socket_connect_timeout": 2,
    "socket_timeout": 5,
}
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = TIME_ZONE
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR / "beat-schedule")
CELERY_BEAT_SCHEDULE = {
    "close what has expired": {
        "task": "accounts.tasks.close_expired",
        "schedule": crontab(minute="*/15"),
        "options": {"expires": 15 * 60},
    },
    "forget files that nobody saved": {
        "task": "pupils.tasks.forget_imports",
        "schedule": crontab(minute=20),
        "options": {"expires": 60 * 60},
    },
    "save files that wait to be saved": {
        "task": "pupils.tasks.save_imports_left",
        "schedule": crontab(minute="3-59/15"),
        "options": {"expires": 15 * 60},
    },
    "send receipts and news of requests that were not sent": {
        "task": "pupils.tasks.send_what_is_left",
        "schedule": crontab(minute="8-59/15"),
        "options": {"expires": 15 * 60},
    },
    "plan letters before a hand-over": {
        "task": "notifications.tasks.plan_letters",
        "schedule": crontab(hour=4, minute=10),
        "options": {"expires": 23 * 60 * 60},
    },
    "send letters": {
        "task": "notifications.tasks.send_letters",
        "schedule": crontab(minute="*/15"),
        "options": {"expires": 15 * 60},
    },
    "plan reminders": {
        "task": "notifications.tasks.plan_reminders",
        "schedule": crontab(minute=40),
        "options": {"expires": 55 * 60},
    },
    "send reminders": {
        "task": "notifications.tasks.send_reminders",
        "schedule": crontab(minute="5-59/15"),
        "options": {"expires": 15 * 60},
    },
    "ask what became of texts and letters": {
        "task": "notifications.tasks.ask_for_receipts",
        "schedule": crontab(minute="12-59/15"),
        "options": {"expires": 15 * 60},
    },
    "read e-mails that came back": {
        "task": "notifications.tasks.read_bounces",
        "schedule": crontab(minute="10-59/15"),
        "options": {"expires": 15 * 60},
    },
    "clear away photos that no update has": {
        "task": "notifications.tasks.sweep_photos",
        "schedule": crontab(hour=3, minute=25),
        "options": {"expires": 23 * 60 * 60},
    },
}


def mail(url: str) -> dict[str, Any]:
    """EMAIL_URL; without one the sink of `make run`, and files where that does not run."""
    if url:
        try:
            return dict(environ.Env.email_url_config(url))
        except Exception as error:
            raise ImproperlyConfigured("EMAIL_URL is not an address of a mail server.") from error
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
        "EMAIL_FILE_PATH": str(VAR / "mail"),
    }


_mail = mail(env.str("EMAIL_URL", ""))
EMAIL_BACKEND = _mail["EMAIL_BACKEND"]
EMAIL_FILE_PATH = _mail.get("EMAIL_FILE_PATH")
EMAIL_HOST = _mail.get("EMAIL_HOST") or "localhost"
EMAIL_PORT = _mail.get("EMAIL_PORT") or 25
EMAIL_HOST_USER = _mail.get("EMAIL_HOST_USER") or ""
EMAIL_HOST_PASSWORD = _mail.get("EMAIL_HOST_PASSWORD") or ""
EMAIL_USE_TLS = bool(_mail.get("EMAIL_USE_TLS"))
EMAIL_USE_SSL = bool(_mail.get("EMAIL_USE_SSL"))
EMAIL_TIMEOUT = 20
EMAIL_SUBJECT_PREFIX = ""
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("DEFAULT_FROM_EMAIL", "Alongside <alongside@demo.invalid>")

# A mailbox for e-mails that come back: each goes out with its own return address, this one with `+…` before the @.
BOUNCE_ADDRESS = env.str("BOUNCE_ADDRESS", "").strip()
if BOUNCE_ADDRESS and (BOUNCE_ADDRESS.count("@") != 1 or not 1 <= BOUNCE_ADDRESS.index("@") <= 10):
    raise ImproperlyConfigured(
        "BOUNCE_ADDRESS must look like bounces@plans.school.uk, with 10 letters before the @ at most."
    )
BOUNCE_FOLDER = env.str("BOUNCE_FOLDER", "").strip()  # a Maildir that a mail server delivers them to


def imap(url: str) -> str:
    """The address of a mailbox that they are read from over IMAP; what is refused is not repeated: it holds a password."""
    try:
        parts = urlsplit(url)
        good = parts.scheme in {"imaps", "imap+tls"} and all((parts.hostname, parts.username, parts.password))
        good = good and parts.port != 0 and parts.path.isascii()
    except ValueError:
        good = False
    if url and not good:
        raise ImproperlyConfigured(
            "BOUNCE_IMAP_URL must look like imaps://user:password@host:993/INBOX, or imap+tls://… for STARTTLS."
        )
    if url and not BOUNCE_ADDRESS:
        raise ImproperlyConfigured("BOUNCE_IMAP_URL is set, and BOUNCE_ADDRESS is not.")
    return url


BOUNCE_IMAP_URL = imap(env.str("BOUNCE_IMAP_URL", "").strip())

# Text messages and letters through GOV.UK Notify; without a key neither goes out, and letters are printed by hand.
NOTIFY_API_KEY = env.str("NOTIFY_API_KEY", "").strip()
NOTIFY_URL = env.str("NOTIFY_URL", "https://api.notifications.service.gov.uk").strip()
NOTIFY_TEXT_TEMPLATE = env.str("NOTIFY_TEXT_TEMPLATE", "").strip()
NOTIFY_LETTER_TEMPLATE = env.str("NOTIFY_LETTER_TEMPLATE", "").strip()
if NOTIFY_API_KEY and not re.search(r"[0-9a-f-]{36}-[0-9a-f-]{36}$", NOTIFY_API_KEY):
    raise ImproperlyConfigured("NOTIFY_API_KEY is not a key of GOV.UK Notify: it ends in two ids.")
if not NOTIFY_API_KEY and (NOTIFY_TEXT_TEMPLATE or NOTIFY_LETTER_TEMPLATE):
    raise ImproperlyConfigured("A template of GOV.UK Notify is set, and NOTIFY_API_KEY is not.")

# Signing in -----------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "allauth.account.auth_backends.AuthenticationBackend",
    "pupils.backends.PolicyBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
GUARDIAN_MONKEY_PATCH_USER = False
GUARDIAN_MONKEY_PATCH_GROUP = False
ANONYMOUS_USER_NAME = None
SILENCED_SYSTEM_CHECKS = ["guardian.W001"]  # guardian stores who stands near a pupil; the policy decides

LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGOUT_REDIRECT_URL = "/sign-in/"
ACCOUNT_ADAPTER = "accounts.adapters.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "accounts.forms_allauth.LoginForm",
    "request_login_code": "accounts.forms_allauth.RequestLoginCodeForm",
    "reset_password": "accounts.forms_allauth.ResetPasswordForm",
    "add_email": "accounts.forms_allauth.AddEmailForm",
}
ACCOUNT_CHANGE_EMAIL = True  # one address each; an invitation is tied to it
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 10 * 60  # seconds
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 3
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60  # seconds
ACCOUNT_DEFAULT_HTTP_PROTOCOL = urlsplit(PUBLIC_URL).scheme
ALLAUTH_TRUSTED_PROXY_COUNT = whole_number("TRUSTED_PROXIES", 1 if PRODUCTION else 0)

MFA_REQUIRED_OF_STAFF = yes_or_no("MFA_REQUIRED_OF_STAFF", default=PRODUCTION)
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Alongside"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION

SESSION_COOKIE_AGE = 12 * 60 * 60  # seconds: a school day
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
# "Ada has been added" waits in the session, which signing out empties; in a cookie it would outlive it, readable.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"

# What browsers may do -------------------------------------------------------------------------------

X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY: dict[str, Any] = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "base-uri": [NONE],
        "connect-src": [SELF],
        "font-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "img-src": [SELF, "data:"],
        "manifest-src": [SELF],
        "media-src": [SELF],
        "object-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        **({"upgrade-insecure-requests": True} if PRODUCTION else {}),
    }
}

if PRODUCTION:
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^healthz$"]  # asked from inside, without the proxy
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = whole_number("HSTS_SECONDS", 365 * 24 * 60 * 60)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = yes_or_no("HSTS_SUBDOMAINS", default=True)
    SECURE_HSTS_PRELOAD = yes_or_no("HSTS_PRELOAD", default=True)
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_NAME = "__Host-csrf"

# Files ----------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "config.assets.NodeModulesFinder",
]
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MEDIA_ROOT = VAR / (
    "uploads-of-tests" if TEST else "uploads"
)  # never served as they are: a view asks the policy
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "config.uploads.Bounded",
]
DATA_UPLOAD_MAX_MEMORY_SIZE = 6 * 1024 * 1024  # bytes
DATA_UPLOAD_MAX_NUMBER_FIELDS = 4000
DATA_UPLOAD_MAX_NUMBER_FILES = 4

# The API --------------------------------------------------------------------------------------------

REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["pupils.rest_json.Json"],
    "DEFAULT_METADATA_CLASS": "pupils.rest_json.Silent",
    "URL_FORMAT_OVERRIDE": None,
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "EXCEPTION_HANDLER": "pupils.rest.errors",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "Alongside",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "COMPONENT_SPLIT_PATCH": False,
    "ENUM_NAME_OVERRIDES": {
        "Perspective": "apdr.enums.Perspective",
        "NeedKind": "apdr.enums.NeedKind",
        "ScaleKind": "apdr.enums.ScaleKind",
        "ProposalKind": "apdr.enums.ProposalKind",
        "DecisionKind": "reviews.enums.DecisionKind",
        "ReviewKind": "reviews.enums.Kind",
        "ReviewState": "reviews.enums.ReviewState",
        "Section": "pupils.enums.Section",
        "PlanAnswer": "apdr.enums.Answer",
        "ChoiceAnswer": "pupils.enums.Answer",
        "RequestAnswer": ["yes", "no"],
        "ReviewAnswer": "reviews.enums_invitations.Coming",
        "AnotherWay": "reviews.enums_invitations.AnotherWay",
        "HowObtained": "apdr.enums.HowObtained",
        "HowGiven": "pupils.enums.Gave",
        "HowAsked": "accounts.enums.Asked",
        "Format": "accounts.enums.Format",
        "HowWeTalk": "notifications.enums_updates.HowWeTalk",
        "StreamKind": "apdr.enums.StreamKind",
        "Difference": "apdr.enums.Difference",
        "Rating": "reviews.enums.Rating",
        "EventKind": "notifications.enums_events.EventKind",
        "EventFor": "notifications.enums_events.ForWhom",
        "EventPlaceState": "notifications.enums_events.PlaceState",
        "HelpKind": "notifications.enums_updates.HelpKind",
        "SaidToSignpost": "notifications.enums_updates.SaidToSignpost",
        "AtHome": "apdr.enums.AtHome",
        "WhoIsAsked": "notifications.enums_surveys.Asked",
        "QuestionKind": "notifications.enums_surveys.QuestionKind",
        "DocumentKind": "pupils.enums.DocumentKind",
    },
}

# Logs -----------------------------------------------------------------------------------------------

LOGGING = logs.configure(as_json=PRODUCTION, level=env.str("LOG_LEVEL", "WARNING" if TEST else "INFO"))
LOGGING_CONFIG = "logging.config.dictConfig"

if TEST:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # tests sign in many times
    STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    WHITENOISE_AUTOREFRESH = True
    CACHES["default"] = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
