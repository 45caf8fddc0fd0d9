"""
``make drill``: a small installation at work while its parts are killed, and the account of it afterwards.

Eight clients do what offices, schools, families and imports do, through the pages, the command line and pagoPA's protocol;
meanwhile web, worker, database and single connections are killed. Each client writes down what it was told. At the end
``account.py`` compares that, and what the bank and the mailbox saw, with the book: no acknowledged act may be lost or
doubled, no balance may differ, each booked receipt has its one letter.
"""
