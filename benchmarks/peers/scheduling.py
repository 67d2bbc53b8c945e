"""Other schedulers that keep schedules in a database, as their own documentation says: the same due firings, the same PostgreSQL.

APScheduler 3 with its SQLAlchemy job store: each job's state is a pickle in a row. Two of them at one store run each job twice,
so its documentation allows one process; it is measured with one, its jobs added beforehand, and each firing submits the job
to a thread pool in which it does nothing. celery-beat with django-celery-beat's database scheduler: each schedule is a row,
and one beat keeps all of them in memory; each firing sends a message, here to Celery's memory broker, which costs least.
Neither writes down that a firing happened, nor which were missed.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from datetime import UTC, datetime, timedelta

from personal import cpu

PATIENCE_SECONDS = 600.0


def busy(address: str) -> float:
    """Processor seconds so far of this process and of the database's server."""
    return time.process_time() + cpu.seconds({cpu.postmaster(address)})


def nothing() -> None:
    """The job."""


def apscheduler(address: str, number: int, due: int) -> dict[str, float]:
    """Seconds from the instant until as many due jobs were submitted; the other jobs of *number* are due much later."""
    import pickle

    from apscheduler.events import EVENT_JOB_SUBMITTED
    from apscheduler.job import Job
    from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
    from apscheduler.schedulers.background import BackgroundScheduler
    from apscheduler.triggers.cron import CronTrigger

    store = SQLAlchemyJobStore(url=address.replace("postgresql://", "postgresql+psycopg://"), tablename="peer_jobs")
    scheduler = BackgroundScheduler(
        jobstores={"default": store}, job_defaults={"misfire_grace_time": 3600, "max_instances": 10}, timezone=UTC
    )
    scheduler.start(paused=True)
    now = datetime.now(UTC)
    at = now + timedelta(days=1)
    trigger = CronTrigger(hour=9, timezone="America/New_York")
    rows = []
    for one in range(number):  # as `add_job` does, in one transaction: a call each takes a millisecond and more
        when = now if one < due else at + timedelta(seconds=one % 86_400)
        job = Job(
            scheduler, id=f"job-{one}", trigger=trigger, func=nothing, args=(), kwargs={}, name="job", executor="default",
            misfire_grace_time=3600, coalesce=True, max_instances=10, next_run_time=when,
        )  # fmt: skip
        rows.append(
            {"id": job.id, "next_run_time": when.timestamp(), "job_state": pickle.dumps(job.__getstate__(), -1)}
        )
    with store.engine.begin() as connection:
        for start in range(0, len(rows), 10_000):
            connection.execute(store.jobs_t.insert(), rows[start : start + 10_000])
    fired, done = [0], threading.Event()

    def heard(event: object) -> None:
        fired[0] += 1
        if fired[0] >= due:
            done.set()

    scheduler.add_listener(heard, EVENT_JOB_SUBMITTED)
    begun, used = time.perf_counter(), busy(address)
    scheduler.resume()
    done.wait(PATIENCE_SECONDS)
    seconds, used = time.perf_counter() - begun, busy(address) - used
    scheduler.shutdown(wait=False)
    return {"fired": fired[0], "seconds": round(seconds, 2), "processor seconds, with the database": round(used, 1)}


def celery_beat(address: str, number: int, due: int) -> dict[str, float]:
    """Seconds from the first tick until as many due tasks were sent; before it the scheduler reads all rows, told apart."""
    import os

    os.environ["DJANGO_SETTINGS_MODULE"] = "peers.beat_settings"
    import django

    django.setup()
    from celery import Celery
    from django.core.management import call_command
    from django_celery_beat.models import CrontabSchedule, PeriodicTask
    from django_celery_beat.schedulers import DatabaseScheduler

    call_command("migrate", verbosity=0)
    soon = CrontabSchedule.objects.create(minute="*", timezone="America/New_York")
    later = CrontabSchedule.objects.create(minute="0", hour="9", month_of_year="1", day_of_month="1")
    yesterday = datetime.now(UTC) - timedelta(days=1)
    PeriodicTask.objects.bulk_create(
        [
            PeriodicTask(
                name=f"task-{one}", task="nothing", crontab=soon if one < due else later,
                last_run_at=yesterday if one < due else datetime.now(UTC),
            )
            for one in range(number)
        ],
        batch_size=5_000,
    )  # fmt: skip
    app = Celery("peer", broker="memory://", set_as_current=False)
    app.conf.update(timezone="UTC", task_ignore_result=True)
    begun = time.perf_counter()
    scheduler = DatabaseScheduler(app=app, lazy=False)
    scheduler.schedule  # noqa: B018 - reads all rows
    read = time.perf_counter() - begun
    begun, used, sent = time.perf_counter(), busy(address), [0]
    send = scheduler.send_task

    def counted(*arguments: object, **more: object) -> object:
        sent[0] += 1
        return send(*arguments, **more)

    scheduler.send_task = counted
    while sent[0] < due and time.perf_counter() - begun < PATIENCE_SECONDS:
        scheduler.tick()
    scheduler.sync()
    seconds, used = time.perf_counter() - begun, busy(address) - used
    return {
        "fired": sent[0], "read all, s": round(read, 1), "seconds": round(seconds, 2),
        "processor seconds, with the database": round(used, 1),
    }  # fmt: skip


if __name__ == "__main__":
    kind, address, number, due = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    found = apscheduler(address, number, due) if kind == "apscheduler" else celery_beat(address, number, due)
    print(json.dumps(found))
