@echo off
rem Runs an installed Maven of version 3.8.7 or newer. Otherwise runs the version named in
rem .mvn\wrapper\maven-wrapper.properties: fetches it once, checks it, and keeps it in the user's
rem Maven folder.
rem
rem   MAVEN_USER_HOME   where fetched Mavens are kept (default: %USERPROFILE%\.m2)
rem   MVNW_REPOURL      the root of a Maven repository to fetch from, where the Apache archive is out
rem                     of reach; the checksum is the same
setlocal
set "MVNW_SELF=%~f0"
set "MVNW_MVN="
rem Called from PowerShell 7 the path names its modules, which Windows' own PowerShell cannot load.
set "MVNW_MODULES=%PSModulePath%"
set "PSModulePath="
for /f "usebackq delims=" %%m in (`powershell -NoProfile -ExecutionPolicy Bypass -Command "& ([scriptblock]::Create(((Get-Content -Raw -LiteralPath $env:MVNW_SELF) -split '#--PowerShell--#')[-1]))"`) do set "MVNW_MVN=%%m"
set "PSModulePath=%MVNW_MODULES%"
if not defined MVNW_MVN exit /b 1
rem To start the service needs no test: leaves out the tests and their libraries, 300 MB.
set "MVNW_SKIP="
if "%~1"=="spring-boot:run" if "%~2"=="" set "MVNW_SKIP=-Dmaven.test.skip"
call "%MVNW_MVN%" %MVNW_SKIP% %*
exit /b %ERRORLEVEL%

#--PowerShell--#
# Prints the path of the Maven to run, or nothing but a message on the error stream.
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
try {
  if (-not $env:JAVA_HOME -and -not (Get-Command java -ErrorAction SilentlyContinue)) {
    throw ('no Java found. Install a JDK 25 (such as Eclipse Temurin, https://adoptium.net) ' +
      'or set JAVA_HOME to the folder of one.')
  }
  $installed = Get-Command mvn.cmd -ErrorAction SilentlyContinue | Select-Object -First 1
  if ($installed) {
    $answer = (& $installed.Source --version) -join ' '
    if ($answer -match 'Apache Maven (\d+\.\d+\.\d+)' -and [version]$Matches[1] -ge [version]'3.8.7') {
      $installed.Source
      exit
    }
  }

  $here = Split-Path -Parent $env:MVNW_SELF
  $settings = ConvertFrom-StringData (Get-Content -Raw -LiteralPath (
      Join-Path $here '.mvn\wrapper\maven-wrapper.properties'))
  $url = $settings.distributionUrl
  $sum = $settings.distributionSha512Sum
  $file = $url.Substring($url.LastIndexOf('/') + 1)
  $name = $file -replace '-bin\.zip$', ''
  if ($env:MVNW_REPOURL) {
    $version = $name -replace '^apache-maven-', ''
    $url = $env:MVNW_REPOURL.TrimEnd('/') + "/org/apache/maven/apache-maven/$version/$file"
  }
  $user = $env:MAVEN_USER_HOME
  if (-not $user) { $user = Join-Path $env:USERPROFILE '.m2' }
  # The checksum is in the path: where it changes, the old copy is not used again.
  $parent = Join-Path $user "wrapper\dists\$name"
  $target = Join-Path $parent $sum.Substring(0, 16)
  $mvn = Join-Path $target 'bin\mvn.cmd'
  if (-not (Test-Path -LiteralPath $mvn)) {
    [Console]::Error.WriteLine("mvnw: fetching $url")
    # Unpacks beside the final folder. The last step is a rename, so no process sees half a Maven.
    $work = Join-Path $parent ('.fetch.' + [guid]::NewGuid())
    New-Item -ItemType Directory -Force $work | Out-Null
    try {
      [Net.ServicePointManager]::SecurityProtocol = 'Tls12'
      $zip = Join-Path $work 'maven.zip'
      try {
        Invoke-WebRequest -UseBasicParsing -Uri $url -OutFile $zip
      } catch {
        throw ("could not fetch $url ($_). Install Maven 3.8.7 or newer, or set MVNW_REPOURL " +
          'to a Maven repository that you can reach.')
      }
      $found = (Get-FileHash -Algorithm SHA512 -LiteralPath $zip).Hash
      if ($found -ne $sum) {
        throw ("the checksum of $url is wrong, so it was thrown away. " +
          "Its SHA-512 should be $sum and is $found.")
      }
      Expand-Archive -LiteralPath $zip -DestinationPath (Join-Path $work 'unpacked')
      if (-not (Test-Path -LiteralPath $target)) {
        Move-Item (Join-Path $work "unpacked\$name") $target
      }
    } finally {
      Remove-Item -Recurse -Force -LiteralPath $work
    }
  }
  $mvn
} catch {
  [Console]::Error.WriteLine("mvnw: $_")
  exit 1
}
