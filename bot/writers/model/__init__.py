"""The writer that asks an OpenAI-compatible model, and believes nothing that it cannot prove."""

from bot.writers.model.client import Client
from bot.writers.model.outage import Outage
from bot.writers.model.prompts import Prompts
from bot.writers.model.writer import ModelWriter

__all__ = ["Client", "ModelWriter", "Outage", "Prompts"]
