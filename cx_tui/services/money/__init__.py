"""Money of customers: the ledger, payments, packages, invoices, contracts and alerts."""
