"""Where the payment gateway tells the centre what was paid."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse

from center.casework.payments.actions.hearing import hear
from center.casework.payments.callbacks import HEADER, Refused
from center.casework.payments.office import PaymentOffice

_LONGEST_BODY = 16 * 1024


def router(office: PaymentOffice) -> APIRouter:
    """The one route; whoever asks it is believed by signature alone."""
    api = APIRouter(prefix="/payments")

    @api.post(
        "/callback",
        responses={
            200: {"description": "Taken, now or before; the gateway need not tell it again."},
            400: {"description": "No event can be read."},
            401: {"description": "Unsigned, signed by another, or too old."},
            404: {"description": "No such payment or refund."},
            409: {"description": "Another amount or payment than was asked for."},
            413: {"description": "Longer than an event is."},
        },
    )
    async def callback(request: Request) -> JSONResponse:
        """One signed event of the gateway."""
        body = b""
        async for piece in request.stream():
            body += piece
            if len(body) > _LONGEST_BODY:
                return JSONResponse({"error": f"An event has at most {_LONGEST_BODY} bytes."}, 413)
        try:
            verdict = await run_in_threadpool(hear, office, request.headers.get(HEADER), body)
        except Refused as refusal:
            return JSONResponse({"error": str(refusal), "reason": refusal.reason}, refusal.status)
        return JSONResponse({"taken": verdict.value})

    return api
