"""The pagoPA side: Checkout carts, the Node that calls the creditor's station, a PSP that pays."""
