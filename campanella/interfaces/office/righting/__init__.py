"""The office puts credits right and gives money back; what two people decide is decided here."""
