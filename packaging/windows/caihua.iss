; The installer for Windows: for one person, without an administrator.
; `dev.py bundle field --installer` starts it with these values:
;   iscc /DVersion=0.1.0 /DFolder=PROGRAM /DIcons=ICONS /DOut=OUT /FNAME caihua.iss

#ifndef Version
  #error Start me by: python packaging\dev.py bundle field --installer
#endif

[Setup]
AppId={{6D0B2B7E-6A55-4D0C-9B39-5B6E0C1B9A51}
AppName=Caihua
AppVersion={#Version}
AppVerName=Caihua {#Version}
VersionInfoVersion={#Version}
DefaultDirName={localappdata}\Programs\Caihua
DefaultGroupName=Caihua
DisableProgramGroupPage=yes
DisableDirPage=auto
PrivilegesRequired=lowest
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
MinVersion=10.0
LicenseFile={#Folder}\LICENSE.txt
SetupIconFile={#Icons}\caihua.ico
UninstallDisplayIcon={app}\caihuaw.exe
OutputDir={#Out}
Compression=lzma2
SolidCompression=yes
WizardStyle=modern
ChangesAssociations=yes
ChangesEnvironment=yes
CloseApplications=yes

[Languages]
Name: "en"; MessagesFile: "compiler:Default.isl"

[Tasks]
Name: "desktop"; Description: "{cm:CreateDesktopIcon}"; Flags: unchecked
Name: "path"; Description: "Add the command caihua to my path"; Flags: unchecked

[InstallDelete]
; A newer program beside libraries of an older one would load them.
Type: filesandordirs; Name: "{app}\_internal"

[Files]
Source: "{#Folder}\*"; DestDir: "{app}"; Flags: recursesubdirs ignoreversion
Source: "{#Icons}\caihua.ico"; DestDir: "{app}"; Flags: ignoreversion

[Icons]
Name: "{userprograms}\Caihua"; Filename: "{app}\caihuaw.exe"
Name: "{userdesktop}\Caihua"; Filename: "{app}\caihuaw.exe"; Tasks: desktop

[Registry]
Root: HKCU; Subkey: "Software\Classes\.caihua"; ValueType: string; ValueData: "Caihua.Project"; Flags: uninsdeletevalue
Root: HKCU; Subkey: "Software\Classes\.caihua\OpenWithProgids"; ValueType: string; ValueName: "Caihua.Project"; Flags: uninsdeletevalue
Root: HKCU; Subkey: "Software\Classes\Caihua.Project"; ValueType: string; ValueData: "Caihua project"; Flags: uninsdeletekey
Root: HKCU; Subkey: "Software\Classes\Caihua.Project\DefaultIcon"; ValueType: string; ValueData: "{app}\caihua.ico"
Root: HKCU; Subkey: "Software\Classes\Caihua.Project\shell\open\command"; ValueType: string; ValueData: """{app}\caihuaw.exe"" ""%1"""
Root: HKCU; Subkey: "Environment"; ValueType: expandsz; ValueName: "Path"; ValueData: "{olddata};{app}"; Tasks: path; Check: IsNotOnPath

[Run]
Filename: "{app}\caihuaw.exe"; Description: "{cm:LaunchProgram,Caihua}"; Flags: nowait postinstall skipifsilent

[Code]
function IsNotOnPath: Boolean;
var
  Path: string;
begin
  if not RegQueryStringValue(HKCU, 'Environment', 'Path', Path) then
    Path := '';
  Result := Pos(';' + Uppercase(ExpandConstant('{app}')) + ';',
    ';' + Uppercase(Path) + ';') = 0;
end;

procedure CurUninstallStepChanged(CurUninstallStep: TUninstallStep);
var
  Path: string;
begin
  if CurUninstallStep <> usPostUninstall then
    exit;
  if RegQueryStringValue(HKCU, 'Environment', 'Path', Path) then
    if StringChangeEx(Path, ';' + ExpandConstant('{app}'), '', True) > 0 then
      RegWriteExpandStringValue(HKCU, 'Environment', 'Path', Path);
end;
