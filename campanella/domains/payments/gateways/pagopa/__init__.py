"""pagoPA: the SOAP server that the Node calls (`server.answer`), Checkout carts, notice numbers."""
