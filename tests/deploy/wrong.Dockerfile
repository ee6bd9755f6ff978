# What hadolint must find: no tag, no version, a shell where there should be a list.
FROM debian
RUN apt-get update && apt-get install --yes curl
CMD curl localhost
