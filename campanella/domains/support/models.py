"""News, questions and answers, tickets."""
