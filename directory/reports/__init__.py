"""« Signaler un contenu » and « Droit de réponse »: a receipt, a reasoned decision, a way to contest it; all kept."""
