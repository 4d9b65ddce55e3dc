"""The pages of contracts, payments, reports and closure."""
