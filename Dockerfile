FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
COPY . .
# src/Enforcer.Orleans.Cli makes the server that knows Microsoft Orleans, /app/enforcer-orleans.
ARG PROJECT=src/Enforcer.Cli
RUN dotnet publish $PROJECT -c Release -o /app

FROM mcr.microsoft.com/dotnet/aspnet:10.0
WORKDIR /app
COPY --from=build /app .
ENTRYPOINT ["/app/enforcer"]
