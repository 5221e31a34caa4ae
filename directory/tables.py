"""Every table of the house, so that migrations and tests know them all."""

from __future__ import annotations

from directory.accounts import models as accounts
from directory.contributions import models as contributions
from directory.core import jobs
from directory.core.database import Base
from directory.geocoding import models as geocoding
from directory.initiatives import models as initiatives
from directory.networks import models as networks
from directory.organisations import models as organisations
from directory.reference import models as reference
from directory.relay import models as relay
from directory.reports import models as reports
from directory.reviews import models as reviews

MODULES = (
    accounts,
    contributions,
    geocoding,
    initiatives,
    jobs,
    networks,
    organisations,
    reference,
    relay,
    reports,
    reviews,
)
METADATA = Base.metadata
