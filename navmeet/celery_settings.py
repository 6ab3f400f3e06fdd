"""How Celery behaves, as measured. It only wakes workers: what is to be done stands in the database."""

# A worker takes no more than it is working on; done or died with, a task is done with: the next sweep does the rest.
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
# time limit < lease (90 s), so that one piece of work is never in two hands by our own making
CELERY_TASK_TIME_LIMIT = 60
CELERY_TASK_SOFT_TIME_LIMIT = 45
CELERY_BROKER_TRANSPORT = "navmeet.celery_transport:Transport"
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_timeout": 10,
    "socket_connect_timeout": 5,
    "socket_keepalive": True,
    "health_check_interval": 5,
    "global_keyprefix": "navmeet:",
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
# The default waits for ever: a web request must never hang on Redis.
CELERY_BROKER_POOL_ACQUIRE_TIMEOUT = 5
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0, "interval_step": 0.2, "interval_max": 0.2}
# A sweep needs no Redis once it has begun: cut off, it would leave what it held until its lease has run out.
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
# Nobody gives workers orders through Redis; one connection the less to be lost.
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 20
CELERY_WORKER_ENABLE_SOFT_SHUTDOWN_ON_IDLE = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"
CELERY_ENABLE_UTC = True
CELERY_BEAT_SCHEDULE = {
    "sweep": {"task": "invitations.sweep", "schedule": 10.0, "options": {"expires": 8}},
    "look": {"task": "invitations.look", "schedule": 30.0, "options": {"expires": 25}},
    "probe": {"task": "invitations.probe", "schedule": 30.0, "options": {"expires": 25}},
    "deliveries": {"task": "invitations.feed", "schedule": 15.0, "options": {"expires": 12}},
    "showings": {"task": "audit.relay_showings", "schedule": 10.0, "options": {"expires": 8}},
    "meeting_events": {"task": "outbox.relay", "schedule": 5.0, "options": {"expires": 4}},
    "relayed_events": {"task": "outbox.purge", "schedule": 3600.0, "options": {"expires": 3000}},
    "kept_answers": {"task": "api.purge_answers", "schedule": 3600.0, "options": {"expires": 3000}},
}
