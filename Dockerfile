FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
COPY . .
# src/Enforcer.Orleans.Cli makes the server that knows Microsoft Orleans, /app/enforcer-orleans.
ARG PROJECT=src/Enforcer.Cli
RUN dotnet publish $PROJECT -c Release -o /app

FROM mcr.microsoft.com/dotnet/aspnet:10.0
COPY --from=build /app /app
# Where a single server or an edge keeps its data: give it a volume. Nodes of a cluster keep none.
RUN mkdir /data && chown $APP_UID /data
WORKDIR /data
USER $APP_UID
ENTRYPOINT ["/app/enforcer"]
