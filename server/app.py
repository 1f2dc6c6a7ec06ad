"""The composition root: the only place that knows every part. To add a capability, add its line here."""

import asyncio
import gc
import os
import secrets as random
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import structlog
from aiohttp import web
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from server.accounts.authenticator import Authenticator
from server.accounts.messages import MESSAGES as ACCOUNTS
from server.accounts.routes import AccountRoutes
from server.accounts.store import AccountStore
from server.attendance.codes import CodeStore, new_codes
from server.attendance.counter import ScanCounter
from server.attendance.messages import MESSAGES as ATTENDANCE
from server.attendance.routes import AttendanceRoutes
from server.conference.messages import MESSAGES as CONFERENCE
from server.conferences.routes import ConferenceRoutes
from server.config import Config
from server.db import make_engine, migrate
from server.documents.messages import MESSAGES as DOCUMENTS
from server.documents.routes import DocumentRoutes
from server.documents.storage import open_storage
from server.http.assembly import Assembly, add_headers
from server.http.health import Health
from server.http.messages import MESSAGES as HTTP
from server.http.metrics import Metrics
from server.http.openapi import OpenApi
from server.http.pages import Pages
from server.http.routing import Principal
from server.journal import Journal
from server.live.conductor import Clock, now_ms
from server.live.conferences import Conferences, LiveSettings
from server.live.sockets import Sockets
from server.messages import Catalog
from server.operators.messages import MESSAGES as OPERATORS
from server.operators.routes import Operators
from server.operators.secrets import Secrets, conference_id
from server.printing import qr
from server.tables.messages import MESSAGES as TABLES
from server.units.messages import MESSAGES as UNITS

log = structlog.get_logger()
WEB_DIST = Path(__file__).resolve().parent.parent / "web" / "dist"
READ_SECONDS = 20  # a request's headers must have come by then (slow-loris)
