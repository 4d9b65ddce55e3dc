"""What the engine owes the outside: mail, produced documents, antivirus. Each handler may run twice."""

from __future__ import annotations

import hashlib

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils.text import slugify
from django.utils.translation import override

from workflows import actions, antivirus, queries
from workflows.engine import database_now, handler
from workflows.models import DocumentVersion, Notification, OutboxJob, ScanState
from workflows.pdf import render_pdf
from workflows.store import open_version, store_bytes


@handler("mail")
def send_mail(job: OutboxJob) -> None:
    """Mail a notification once; sent again after a crash, it bears the same Message-ID (guarantee P07)."""
    notice = Notification.objects.select_related("user", "case__region").get(pk=job.payload["notification"])
    if notice.mailed_at is not None or not notice.user.is_active:
        return
    if notice.case and notice.case.recusals.filter(user=notice.user).exists():
        return  # kept out of the case since
    with override(notice.user.language):
        context = {
            "notice": notice,
            "link": f"{settings.BASE_URL}{notice.link}" if notice.link else settings.BASE_URL,
            "region": notice.case.region if notice.case else None,
        }
        mail = EmailMultiAlternatives(
            subject=" ".join(notice.subject.split()),
            body=render_to_string("mail/notification.txt", context),
            to=[notice.user.email],
            headers={"Message-ID": f"<{notice.pk}@quadrige>", "Auto-Submitted": "auto-generated"},
        )
        mail.attach_alternative(render_to_string("mail/notification.html", context), "text/html")
    mail.send()
    Notification.objects.filter(pk=notice.pk).update(mailed_at=database_now())


@handler("letter")
def produce_letter(job: OutboxJob) -> None:
    """Make a PDF from frozen data and attach it to the case. Payload: template, code, title, data, audience."""
    assert job.entry is not None
    assert job.case is not None
    payload = job.payload
    data = render_pdf(payload["template"], payload["data"], produced_at=job.entry.at)
    if queries.has_document(job.case, payload["code"], hashlib.sha256(data).hexdigest()):
        return  # by a worker that died before it could say so
    name = f"{slugify(payload['title'])}-{slugify(job.case.reference)}.pdf"
    stored = store_bytes(job.case, payload["code"], name, data, "application/pdf")
    actions.attach_letter(
        job.case,
        by=None,
        now=job.entry.at,
        code=payload["code"],
        title=payload["title"],
        file=stored,
        audience=payload.get("audience", "case"),
    )


@handler("scan")
def scan_version(job: OutboxJob) -> None:
    """Have a received file scanned. Without an answer it stays unavailable and the job is tried again."""
    version = DocumentVersion.objects.select_related("document__case").get(pk=job.payload["version"])
    if version.scan != ScanState.PENDING:
        return
    if settings.ANTIVIRUS_URL:
        with open_version(version) as stream:
            verdict = antivirus.scan(stream, settings.ANTIVIRUS_URL)
    elif not settings.PRODUCTION:  # the deploy check refuses to run without a scanner elsewhere
        verdict = antivirus.Verdict(True, "no scanner in this demonstration")
    else:
        raise antivirus.ScanError("No antivirus is configured.")
    actions.record_scan(
        version.document,
        by=None,
        now=database_now(),
        version=version,
        clean=verdict.clean,
        detail=verdict.detail,
    )
