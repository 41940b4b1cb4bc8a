"""What is printed for her to keep, as accessible PDF: her plan, her taper, her order.  Knows nothing of medicine.

Pure: what is printed comes in as a plain dataclass of words, dates and numbers, and the same paper is the same bytes.
"""

from __future__ import annotations

from .given import order_paper, taper_paper
from .letters import undrawn
from .order import OrderPaper, Supply, order_pdf
from .plan import Goal, Medicine, PlanPaper, Task, plan_of, plan_pdf
from .press import Size
from .sheet import Advice, Call, HerWords, Made, Section
from .steps import Step
from .taper import TaperPaper, Tell, taper_pdf

__all__ = [
    "Advice",
    "Call",
    "Goal",
    "HerWords",
    "Made",
    "Medicine",
    "OrderPaper",
    "PlanPaper",
    "Section",
    "Size",
    "Step",
    "Supply",
    "TaperPaper",
    "Task",
    "Tell",
    "order_paper",
    "order_pdf",
    "plan_of",
    "plan_pdf",
    "taper_paper",
    "taper_pdf",
    "undrawn",
]
