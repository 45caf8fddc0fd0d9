"""
Direct debit, across domains.

``authorising`` mandates by families and at the desk · ``filing`` the file for the bank · ``hearing`` what the bank answers ·
``booking`` money that came, money that went back · ``telling`` letters · ``creditor`` who collects.
"""
