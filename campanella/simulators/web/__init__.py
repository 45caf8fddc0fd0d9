"""The pages a presenter clicks and the JSON control API that tests call."""
