"""
The five towns, one for each municipal manual: their choices, schools, services and prices.

Tax codes, telephone numbers and accounts are invented; prices follow real tariffs of the years 2022-2026.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from typing import Any

from schwifty import IBAN
from stdnum import luhn

# A household's ISEE up to (cents), and the price of a day (cents); the last one is the full price.
Prices = tuple[tuple[int | None, int], ...]

PRIMARY = ("1ª A", "2ª A", "3ª A", "4ª A", "5ª A")
MIDDLE = ("1ª A", "2ª A", "3ª A")
SECTIONS = ("Sezione Coccinelle", "Sezione Delfini", "Sezione Girasoli")
NURSERY = ("Piccoli", "Medi", "Grandi")
MON_WED_FRI = 0b10101


@dataclass(frozen=True)
class SchoolPlan:
    """A school; ``size`` is the children in a class."""

    code: str
    name: str
    level: str
    classes: tuple[str, ...]
    size: int


@dataclass(frozen=True)
class ServicePlan:
    """A service and its prices by level of school; a level without prices does not have it."""

    code: str
    name: str
    kind: str
    prices: Mapping[str, Prices]
    # Percent of the children of these levels who use it.
    share: int = 100
    sibling_percent: int = 0
    # What it costs each month besides the days, by the same steps of ISEE.
    monthly: Mapping[str, Prices] = field(default_factory=dict)


@dataclass(frozen=True)
class TownPlan:
    """A town as it is before anybody lives in it."""

    slug: str
    name: str
    number: int
    province: str
    cadastral: str
    patron: tuple[int, int]
    choices: Mapping[str, Any]
    schools: tuple[SchoolPlan, ...]
    services: tuple[ServicePlan, ...]
    # One wallet for all services of a child instead of one for each.
    common_wallet: bool = False
    # Services whose tariffs follow from the families' ISEE.
    reckons: tuple[str, ...] = ()
    # Services that are paid after the month, by invoices.
    pays_after: tuple[str, ...] = ()
    # Debts and credits of the former software, with its codes.
    has_former: bool = False
    # Children when the demo is asked to be of full size; 0 stays small.
    full: int = 0
    dialect: tuple[str, ...] = field(default=())

    @property
    def tax_code(self) -> str:
        """An invented creditor's tax code, with its right check digit."""
        body = f"9{self.number:06}{self.number % 90 + 1:03}"
        return body + luhn.calc_check_digit(body)

    @property
    def iban(self) -> str:
        """An invented account with right check digits."""
        return str(IBAN.generate("IT", bank_code="07601", branch_code="12345", account_code=f"{self.number:012}"))


def _town(slug: str, title: str, number: int, **rest: Any) -> TownPlan:
    choices = {
        "office_name": "Ufficio Scuola",
        "office_email": f"scuola@{slug}.example",
        "office_phone": f"0{number} 55501{number % 10}",
        "office_address": "Piazza del Municipio 1, piano terra. Lunedì–venerdì 8:30–12:30, giovedì anche 15:00–17:00",
        "site_url": f"https://www.comune.{slug}.example/",
        "cbill": f"X{number:04}",
        "pagopa_segregation": 1,
    }
    return TownPlan(slug=slug, name=f"Comune di {title}", number=number, choices=choices | rest.pop("choices"), **rest)


def _isee(*steps: tuple[int | None, int]) -> Prices:
    """Prices by ISEE in euro."""
    return tuple((None if euros is None else euros * 100, cents) for euros, cents in steps)


# One ride, one way.
RIDE = {"primaria": _isee((None, 70)), "secondaria": _isee((None, 70))}


TOWNS: tuple[TownPlan, ...] = (
    _town(
        "aosta",
        "Aosta",
        165,
        province="AO",
        cadastral="A326",
        patron=(9, 7),
        has_former=True,
        dialect=("Bionaz", "Chanoux", "Vuillermoz", "Perruquet", "Jacquin", "Dherin"),
        choices={
            "portal_name": "Portale Genitori",
            "colour": "#7b1e3b",
            "office_name": "Ufficio Refezione – Bureau cantine",
            "top_up_presets": (1500, 3000, 5000, 10000),
            "notice_days": 30,
            "floor": -3000,
        },
        schools=(
            SchoolPlan("inf-einaudi", "Scuola dell’infanzia Einaudi", "infanzia", SECTIONS[:2], 12),
            SchoolPlan("pri-lexert", "Primaria Lexert", "primaria", PRIMARY, 10),
            SchoolPlan("pri-cerutti", "Primaria Ponte di Pietra", "primaria", PRIMARY[:3], 9),
            SchoolPlan("sec-martinet", "Secondaria Martinet", "secondaria", MIDDLE[:2], 11),
        ),
        services=(
            ServicePlan(
                "refezione",
                "Refezione",
                "meal",
                sibling_percent=10,
                prices={
                    "infanzia": _isee((6000, 180), (12000, 310), (20000, 420), (None, 520)),
                    "primaria": _isee((6000, 200), (12000, 340), (20000, 460), (None, 580)),
                    "secondaria": _isee((6000, 220), (12000, 360), (20000, 480), (None, 600)),
                },
            ),
            ServicePlan(
                "scuolabus",
                "Scuolabus",
                "bus",
                share=22,
                prices={"infanzia": _isee((None, 120)), "primaria": _isee((None, 150)), "secondaria": _isee((None, 150))},
            ),
        ),
    ),
    _town(
        "truccazzano",
        "Truccazzano",
        295,
        province="MI",
        cadastral="L454",
        patron=(10, 7),
        dialect=("Colombo", "Brambilla", "Mapelli", "Villa", "Galbiati", "Riva"),
        choices={
            "portal_name": "Portale Genitori",
            "colour": "#1d6b3a",
            "office_name": "Ufficio Pubblica Istruzione",
            "account_per_child": True,
            "top_up_presets": (2000, 4000, 6000),
            "floor": -15000,
            "low_credit_meals": 2,
            "bill_least": 500,
        },
        pays_after=("mensa",),
        schools=(
            SchoolPlan("inf-arcobaleno", "Scuola dell’infanzia Arcobaleno", "infanzia", SECTIONS, 11),
            SchoolPlan("pri-quasimodo", "Primaria Quasimodo", "primaria", PRIMARY, 12),
        ),
        services=(
            ServicePlan(
                "mensa",
                "Mensa scolastica",
                "meal",
                sibling_percent=15,
                prices={
                    "infanzia": _isee((4000, 175), (6000, 280), (8000, 390), (None, 520)),
                    "primaria": _isee((4000, 175), (6000, 280), (8000, 390), (None, 550)),
                },
            ),
            ServicePlan("pre-scuola", "Pre-scuola", "before", share=25, prices={"primaria": _isee((None, 130))}),
        ),
    ),
    _town(
        "pesaro",
        "Pesaro",
        721,
        province="PU",
        cadastral="G479",
        patron=(9, 24),
        full=8050,
        dialect=("Terenzi", "Gaudenzi", "Uguccioni", "Fabbri", "Vichi", "Ricci"),
        choices={
            "portal_name": "Portale Genitori",
            "colour": "#0a58ad",
            "office_name": "Servizio Mense e Nidi",
            "sdd_offered": True,
            "sdd_cuc": "0PS7210A",
            "bill_due_days": 45,
            "top_up_presets": (3000, 5000, 10000),
            "floor": -6000,
            "roll_call_closes_at": time(9, 30),
        },
        schools=(
            SchoolPlan("nido-mongolfiera", "Nido La Mongolfiera", "nido", NURSERY, 7),
            SchoolPlan("inf-poi", "Scuola dell’infanzia Poi", "infanzia", SECTIONS[:2], 12),
            SchoolPlan("pri-don-milani", "Primaria Don Milani", "primaria", PRIMARY, 10),
            SchoolPlan("pri-carducci", "Primaria Carducci", "primaria", PRIMARY[:3], 8),
            SchoolPlan("sec-olivieri", "Secondaria Olivieri", "secondaria", MIDDLE[:2], 8),
        ),
        services=(
            ServicePlan(
                "mensa",
                "Refezione scolastica",
                "meal",
                sibling_percent=20,
                prices={
                    "infanzia": _isee((5000, 90), (11000, 170), (16000, 240), (None, 310)),
                    "primaria": _isee((5000, 150), (11000, 290), (16000, 440), (None, 590)),
                    "secondaria": _isee((5000, 160), (11000, 310), (16000, 460), (None, 610)),
                },
            ),
            ServicePlan(
                "nido",
                "Nido d’infanzia",
                "nursery",
                prices={"nido": _isee((5000, 450), (11000, 820), (20000, 1350), (None, 1890))},
            ),
            ServicePlan(
                "scuolabus",
                "Scuolabus",
                "bus",
                share=20,
                prices={"infanzia": _isee((None, 140)), "primaria": _isee((None, 140)), "secondaria": _isee((None, 160))},
            ),
        ),
    ),
    _town(
        "valenza",
        "Valenza",
        131,
        province="AL",
        cadastral="L570",
        patron=(9, 3),
        dialect=("Cantamessa", "Illario", "Ponzano", "Lenti", "Annaratone", "Raiteri"),
        choices={
            "portal_name": "Portale Genitori",
            "colour": "#8a4b08",
            "office_name": "Ufficio Istruzione",
            "top_up_presets": (1000, 2000, 5000, 10000),
            "floor": -2000,
        },
        schools=(
            SchoolPlan("nido-rosetta", "Nido Rosetta", "nido", NURSERY[:2], 8),
            SchoolPlan("inf-camurati", "Scuola dell’infanzia Camurati", "infanzia", SECTIONS, 10),
            SchoolPlan("pri-carducci", "Primaria Don Minzoni", "primaria", PRIMARY, 10),
            SchoolPlan("sec-pascoli", "Secondaria Pascoli", "secondaria", MIDDLE, 8),
        ),
        services=(
            ServicePlan(
                "buoni-pasto",
                "Buoni pasto",
                "meal",
                prices={
                    "infanzia": _isee((8000, 380), (None, 545)),
                    "primaria": _isee((8000, 360), (None, 515)),
                    "secondaria": _isee((8000, 440), (None, 630)),
                },
            ),
            ServicePlan(
                "nido",
                "Asilo nido",
                "nursery",
                prices={"nido": _isee((8000, 300), (None, 400))},
                monthly={"nido": _isee((8000, 6500), (None, 14000))},
            ),
            ServicePlan("post-scuola", "Post-scuola", "after", share=24, prices={"primaria": _isee((None, 200))}),
            ServicePlan("scuolabus", "Scuolabus", "bus", share=15, prices={"primaria": _isee((None, 160))}),
        ),
    ),
    _town(
        "carrara",
        "Carrara",
        585,
        province="MS",
        cadastral="B832",
        patron=(6, 16),
        full=1240,
        common_wallet=True,
        reckons=("mensa",),
        dialect=("Vanelli", "Dell’Amico", "Menconi", "Bernacca", "Cattani", "Musetti"),
        choices={
            "portal_name": "Spazio Scuola",
            "colour": "#3d4f8f",
            "office_name": "Ufficio Servizi Educativi",
            "top_up_presets": (2000, 5000, 8000),
            "top_up_min": 300,
            "floor": -4000,
            "low_credit_meals": 5,
            "both_ways_percent": 20,
            "cash_points": True,
            "registration": True,
            "isee_inps": True,
            "isee_inps_body": "C_B832",
            "isee_inps_office": "SCUOLA",
            "isee_inps_operator": "MNCTTV87C49B832T",
            "isee_inps_benefit": "A1.05",
        },
        schools=(
            SchoolPlan("inf-marina", "Scuola dell’infanzia Marina", "infanzia", SECTIONS, 10),
            SchoolPlan("pri-saffi", "Primaria Saffi", "primaria", PRIMARY, 11),
            SchoolPlan("pri-fossola", "Primaria Fossola", "primaria", PRIMARY[:4], 8),
            SchoolPlan("sec-buonarroti", "Secondaria Buonarroti", "secondaria", MIDDLE[:2], 8),
        ),
        services=(
            ServicePlan(
                "mensa",
                "Mensa",
                "meal",
                sibling_percent=30,
                prices={
                    "infanzia": _isee((3000, 0), (9000, 180), (14000, 250), (20000, 380), (None, 480)),
                    "primaria": _isee((3000, 0), (9000, 180), (14000, 250), (20000, 380), (None, 530)),
                    "secondaria": _isee((3000, 0), (9000, 190), (14000, 270), (20000, 400), (None, 550)),
                },
            ),
            ServicePlan("bus-andata", "Scuolabus andata", "bus_out", share=18, prices=RIDE),
            ServicePlan("bus-ritorno", "Scuolabus ritorno", "bus_back", share=24, prices=RIDE),
        ),
    ),
)


def town_plan(slug: str) -> TownPlan:
    """Return the plan of one of the five."""
    return next(plan for plan in TOWNS if plan.slug == slug)
