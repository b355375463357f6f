# The shopper's page for Cloud Run: Python, its pinned requirements, the page and the client it talks with.
# Build it from the project's root: docker build -t stylekin-page .
FROM python:3.11-slim

WORKDIR /page
COPY requirements/app.txt requirements.txt
RUN pip install --no-cache-dir --disable-pip-version-check -r requirements.txt

COPY app app
COPY shared/__init__.py shared/calling.py shared/client.py shared/contract.py shared/errors.py shared/
COPY shared/inspector.py shared/

RUN useradd --no-create-home page
USER page
ENV PYTHONUNBUFFERED=1
# Cloud Run sets PORT. REGISTER_URL, RECOMMEND_URL and IMAGES say what the page belongs to, MERCHANDISER_URL
# that it is the merchandiser's too.
CMD ["sh", "-c", "exec python -m uvicorn app.server:app --host ${HOST:-0.0.0.0} --port ${PORT:-8080} --no-access-log"]
