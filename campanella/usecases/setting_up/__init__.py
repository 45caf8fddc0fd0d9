"""The office sets up where children go to school and what is offered there; an import of people goes the same road."""
