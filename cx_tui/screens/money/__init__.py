"""Lists and parts of money: invoices, packages, alerts, contracts, and how far a customer's credit goes."""
