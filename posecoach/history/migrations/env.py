"""What Alembic runs a step with: the connection it was handed, in one transaction."""

from alembic import context

from posecoach.history.tables import Base

context.configure(connection=context.config.attributes["connection"], target_metadata=Base.metadata)
context.run_migrations()
