"""The forms of contracts, payments, reports and closure."""
