"""A payment order as it leaves the house."""

import json
from datetime import date

from outbound.orders import PaymentOrder
from tests.liquidation.cases import decide, euro


def test_as_a_document():
    decision = decide()
    order = PaymentOrder(
        "1", "decision-1", "assure", "assure-1", "Jean Dupont", "FR7630006000011234567890189",
        euro("19.00"), date(2026, 11, 22), "Remboursement de soins", decision.shares,
    )  # fmt: skip
    plain = json.loads(json.dumps(order.to_json()))
    assert (plain["format"], plain["currency"], plain["amount"]) == ("liasse-ordre-1", "EUR", "19.00")
    assert [share["amount"] for share in plain["shares"]] == ["19.00"]
    assert plain["label"] == "Remboursement de soins"
