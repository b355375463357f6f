"""The networks: data, models, teacher, training, evaluation, export. The only place for torch."""
