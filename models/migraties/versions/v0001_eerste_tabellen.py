"""The tables of the first version."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from models.kalenderdag import days

Nummer = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0001"
down_revision = None


TRIGGERS = {
    "sqlite": (
        """CREATE TRIGGER gebeurtenis_geen_update BEFORE UPDATE ON gebeurtenis
    WHEN NOT (NEW.inhoud IS NULL AND NEW.zout IS NULL AND NEW.id IS OLD.id AND NEW.volgnummer IS OLD.volgnummer AND NEW.soort IS OLD.soort AND NEW.overgang IS OLD.overgang AND NEW.naar IS OLD.naar AND NEW.reden IS OLD.reden AND NEW.dag IS OLD.dag AND NEW.routekaart IS OLD.routekaart AND NEW.traject_id IS OLD.traject_id AND NEW.vastgelegd_op IS OLD.vastgelegd_op AND NEW.betreft_volgnummer IS OLD.betreft_volgnummer AND NEW.na_volgnummer IS OLD.na_volgnummer AND NEW.van IS OLD.van AND NEW.moment IS OLD.moment AND NEW.bron_vastgelegd_op IS OLD.bron_vastgelegd_op AND NEW.opdracht_id IS OLD.opdracht_id AND NEW.sleutel IS OLD.sleutel AND NEW.inhoud_hash IS OLD.inhoud_hash AND NEW.vorige_hash IS OLD.vorige_hash AND NEW.hash IS OLD.hash AND EXISTS (SELECT 1 FROM gebeurtenis v
        WHERE v.traject_id = OLD.traject_id AND v.soort = 'vernietiging'))
    BEGIN SELECT RAISE(ABORT, 'gebeurtenis is append-only: UPDATE refused'); END""",
        """CREATE TRIGGER gebeurtenis_geen_delete BEFORE DELETE ON gebeurtenis
    BEGIN SELECT RAISE(ABORT, 'gebeurtenis is append-only: DELETE refused'); END""",
        """CREATE TRIGGER gebeurtenis_geen_replace BEFORE INSERT ON gebeurtenis
    WHEN EXISTS (SELECT 1 FROM gebeurtenis WHERE id = NEW.id)
      OR EXISTS (SELECT 1 FROM gebeurtenis WHERE traject_id = NEW.traject_id AND volgnummer = NEW.volgnummer)
      OR EXISTS (SELECT 1 FROM gebeurtenis WHERE sleutel = NEW.sleutel)
    BEGIN SELECT RAISE(ABORT, 'gebeurtenis is append-only: row exists'); END""",
        """CREATE TRIGGER toelichting_geen_update BEFORE UPDATE ON toelichting
        BEGIN SELECT RAISE(ABORT, 'toelichting is append-only: UPDATE refused'); END""",
        """CREATE TRIGGER toelichting_geen_delete BEFORE DELETE ON toelichting WHEN NOT EXISTS (SELECT 1 FROM gebeurtenis v WHERE v.traject_id = OLD.traject_id AND v.soort = 'vernietiging')
        BEGIN SELECT RAISE(ABORT, 'toelichting is append-only: DELETE refused'); END""",
        """CREATE TRIGGER toelichting_geen_replace BEFORE INSERT ON toelichting
        WHEN EXISTS (SELECT 1 FROM toelichting WHERE id = NEW.id)
          OR EXISTS (SELECT 1 FROM toelichting WHERE traject_id = NEW.traject_id AND volgnummer = NEW.volgnummer
                     AND veld = NEW.veld)
        BEGIN SELECT RAISE(ABORT, 'toelichting is append-only: row exists'); END""",
        """CREATE TRIGGER trajectnummer_geen_update BEFORE UPDATE ON trajectnummer
        BEGIN SELECT RAISE(ABORT, 'trajectnummer is insert-only: UPDATE refused'); END""",
        """CREATE TRIGGER trajectnummer_geen_delete BEFORE DELETE ON trajectnummer
        BEGIN SELECT RAISE(ABORT, 'trajectnummer is insert-only: DELETE refused'); END""",
        """CREATE TRIGGER trajectnummer_geen_replace BEFORE INSERT ON trajectnummer
        WHEN EXISTS (SELECT 1 FROM trajectnummer WHERE id = NEW.id OR nummer = NEW.nummer)
        BEGIN SELECT RAISE(ABORT, 'trajectnummer is insert-only: row exists'); END""",
        """CREATE TRIGGER rapport_geen_update BEFORE UPDATE ON rapport
        BEGIN SELECT RAISE(ABORT, 'rapport is insert-only: UPDATE refused'); END""",
        """CREATE TRIGGER rapport_geen_delete BEFORE DELETE ON rapport
        BEGIN SELECT RAISE(ABORT, 'rapport is insert-only: DELETE refused'); END""",
        """CREATE TRIGGER rapport_geen_replace BEFORE INSERT ON rapport
        WHEN EXISTS (SELECT 1 FROM rapport WHERE id = NEW.id)
        BEGIN SELECT RAISE(ABORT, 'rapport is insert-only: row exists'); END""",
        """CREATE TRIGGER rapportuitgave_geen_update BEFORE UPDATE ON rapportuitgave
        BEGIN SELECT RAISE(ABORT, 'rapportuitgave is insert-only: UPDATE refused'); END""",
        """CREATE TRIGGER rapportuitgave_geen_delete BEFORE DELETE ON rapportuitgave
        BEGIN SELECT RAISE(ABORT, 'rapportuitgave is insert-only: DELETE refused'); END""",
        """CREATE TRIGGER rapportuitgave_geen_replace BEFORE INSERT ON rapportuitgave
        WHEN EXISTS (SELECT 1 FROM rapportuitgave WHERE id = NEW.id)
        BEGIN SELECT RAISE(ABORT, 'rapportuitgave is insert-only: row exists'); END""",
        """CREATE TRIGGER zegel_geen_update BEFORE UPDATE ON zegel
        BEGIN SELECT RAISE(ABORT, 'zegel is insert-only: UPDATE refused'); END""",
        """CREATE TRIGGER zegel_geen_delete BEFORE DELETE ON zegel
        BEGIN SELECT RAISE(ABORT, 'zegel is insert-only: DELETE refused'); END""",
        """CREATE TRIGGER zegel_geen_replace BEFORE INSERT ON zegel
        WHEN EXISTS (SELECT 1 FROM zegel WHERE id = NEW.id)
        BEGIN SELECT RAISE(ABORT, 'zegel is insert-only: row exists'); END""",
        """CREATE TRIGGER zegelblad_geen_update BEFORE UPDATE ON zegelblad
        BEGIN SELECT RAISE(ABORT, 'zegelblad is insert-only: UPDATE refused'); END""",
        """CREATE TRIGGER zegelblad_geen_delete BEFORE DELETE ON zegelblad
        BEGIN SELECT RAISE(ABORT, 'zegelblad is insert-only: DELETE refused'); END""",
        """CREATE TRIGGER zegelblad_geen_replace BEFORE INSERT ON zegelblad
        WHEN EXISTS (SELECT 1 FROM zegelblad WHERE blad = NEW.blad) OR EXISTS (SELECT 1 FROM zegelblad WHERE traject_id = NEW.traject_id AND volgnummer = NEW.volgnummer)
        BEGIN SELECT RAISE(ABORT, 'zegelblad is insert-only: row exists'); END""",
        """CREATE TRIGGER pakket_geen_update BEFORE UPDATE ON pakket
        BEGIN SELECT RAISE(ABORT, 'pakket is insert-only: UPDATE refused'); END""",
        """CREATE TRIGGER pakket_geen_delete BEFORE DELETE ON pakket
        BEGIN SELECT RAISE(ABORT, 'pakket is insert-only: DELETE refused'); END""",
        """CREATE TRIGGER pakket_geen_replace BEFORE INSERT ON pakket
        WHEN EXISTS (SELECT 1 FROM pakket WHERE id = NEW.id)
        BEGIN SELECT RAISE(ABORT, 'pakket is insert-only: row exists'); END""",
        """CREATE TRIGGER dagstelling_geen_update BEFORE UPDATE ON dagstelling
        BEGIN SELECT RAISE(ABORT, 'dagstelling is insert-only: UPDATE refused'); END""",
        """CREATE TRIGGER dagstelling_geen_delete BEFORE DELETE ON dagstelling
        BEGIN SELECT RAISE(ABORT, 'dagstelling is insert-only: DELETE refused'); END""",
        """CREATE TRIGGER dagstelling_geen_replace BEFORE INSERT ON dagstelling
        WHEN EXISTS (SELECT 1 FROM dagstelling WHERE id = NEW.id)
        BEGIN SELECT RAISE(ABORT, 'dagstelling is insert-only: row exists'); END""",
        """CREATE TRIGGER stuk_geen_update BEFORE UPDATE ON stuk
        BEGIN SELECT RAISE(ABORT, 'stuk is insert-only: UPDATE refused'); END""",
        """CREATE TRIGGER stuk_geen_delete BEFORE DELETE ON stuk WHEN NOT EXISTS (SELECT 1 FROM gebeurtenis v WHERE v.traject_id = OLD.traject_id AND v.soort = 'vernietiging')
        BEGIN SELECT RAISE(ABORT, 'stuk is insert-only: DELETE refused'); END""",
        """CREATE TRIGGER stuk_geen_replace BEFORE INSERT ON stuk
        WHEN EXISTS (SELECT 1 FROM stuk WHERE id = NEW.id) OR EXISTS (SELECT 1 FROM stuk WHERE nummer = NEW.nummer) OR EXISTS (SELECT 1 FROM stuk WHERE vervangt_id = NEW.vervangt_id) OR EXISTS (SELECT 1 FROM stuk WHERE sleutel = NEW.sleutel)
        BEGIN SELECT RAISE(ABORT, 'stuk is insert-only: row exists'); END""",
        """CREATE TRIGGER stukbestand_geen_update BEFORE UPDATE ON stukbestand
        BEGIN SELECT RAISE(ABORT, 'stukbestand is insert-only: UPDATE refused'); END""",
        """CREATE TRIGGER stukbestand_geen_delete BEFORE DELETE ON stukbestand WHEN NOT EXISTS (SELECT 1 FROM stukverwijdering w WHERE w.id = OLD.id)
        BEGIN SELECT RAISE(ABORT, 'stukbestand is insert-only: DELETE refused'); END""",
        """CREATE TRIGGER stukbestand_geen_replace BEFORE INSERT ON stukbestand
        WHEN EXISTS (SELECT 1 FROM stukbestand WHERE id = NEW.id)
        BEGIN SELECT RAISE(ABORT, 'stukbestand is insert-only: row exists'); END""",
        """CREATE TRIGGER stukverwijdering_geen_update BEFORE UPDATE ON stukverwijdering
        BEGIN SELECT RAISE(ABORT, 'stukverwijdering is insert-only: UPDATE refused'); END""",
        """CREATE TRIGGER stukverwijdering_geen_delete BEFORE DELETE ON stukverwijdering
        BEGIN SELECT RAISE(ABORT, 'stukverwijdering is insert-only: DELETE refused'); END""",
        """CREATE TRIGGER stukverwijdering_geen_replace BEFORE INSERT ON stukverwijdering
        WHEN EXISTS (SELECT 1 FROM stukverwijdering WHERE id = NEW.id)
        BEGIN SELECT RAISE(ABORT, 'stukverwijdering is insert-only: row exists'); END""",
        """CREATE TRIGGER schuld_geen_update BEFORE UPDATE ON schuld
        BEGIN SELECT RAISE(ABORT, 'schuld is insert-only: UPDATE refused'); END""",
        """CREATE TRIGGER schuld_geen_delete BEFORE DELETE ON schuld WHEN NOT EXISTS (SELECT 1 FROM gebeurtenis v WHERE v.traject_id = OLD.traject_id AND v.soort = 'vernietiging')
        BEGIN SELECT RAISE(ABORT, 'schuld is insert-only: DELETE refused'); END""",
        """CREATE TRIGGER schuld_geen_replace BEFORE INSERT ON schuld
        WHEN EXISTS (SELECT 1 FROM schuld WHERE id = NEW.id) OR EXISTS (SELECT 1 FROM schuld WHERE traject_id = NEW.traject_id AND nummer = NEW.nummer AND versie = NEW.versie)
        BEGIN SELECT RAISE(ABORT, 'schuld is insert-only: row exists'); END""",
        """CREATE TRIGGER correctievoorstel_geen_update BEFORE UPDATE ON correctievoorstel
        BEGIN SELECT RAISE(ABORT, 'correctievoorstel is insert-only: UPDATE refused'); END""",
        """CREATE TRIGGER correctievoorstel_geen_delete BEFORE DELETE ON correctievoorstel
        BEGIN SELECT RAISE(ABORT, 'correctievoorstel is insert-only: DELETE refused'); END""",
        """CREATE TRIGGER correctievoorstel_geen_replace BEFORE INSERT ON correctievoorstel
        WHEN EXISTS (SELECT 1 FROM correctievoorstel WHERE id = NEW.id)
        BEGIN SELECT RAISE(ABORT, 'correctievoorstel is insert-only: row exists'); END""",
        """CREATE TRIGGER correctiebesluit_geen_update BEFORE UPDATE ON correctiebesluit
        BEGIN SELECT RAISE(ABORT, 'correctiebesluit is insert-only: UPDATE refused'); END""",
        """CREATE TRIGGER correctiebesluit_geen_delete BEFORE DELETE ON correctiebesluit
        BEGIN SELECT RAISE(ABORT, 'correctiebesluit is insert-only: DELETE refused'); END""",
        """CREATE TRIGGER correctiebesluit_geen_replace BEFORE INSERT ON correctiebesluit
        WHEN EXISTS (SELECT 1 FROM correctiebesluit WHERE id = NEW.id)
        BEGIN SELECT RAISE(ABORT, 'correctiebesluit is insert-only: row exists'); END""",
        """CREATE TRIGGER wijziging_geen_update BEFORE UPDATE ON wijziging
        BEGIN SELECT RAISE(ABORT, 'wijziging is insert-only: UPDATE refused'); END""",
        """CREATE TRIGGER wijziging_geen_delete BEFORE DELETE ON wijziging
        BEGIN SELECT RAISE(ABORT, 'wijziging is insert-only: DELETE refused'); END""",
        """CREATE TRIGGER wijziging_geen_replace BEFORE INSERT ON wijziging
        WHEN EXISTS (SELECT 1 FROM wijziging WHERE id = NEW.id)
        BEGIN SELECT RAISE(ABORT, 'wijziging is insert-only: row exists'); END""",
        """CREATE TRIGGER uitvoer_geen_update BEFORE UPDATE ON uitvoer
        BEGIN SELECT RAISE(ABORT, 'uitvoer is insert-only: UPDATE refused'); END""",
        """CREATE TRIGGER uitvoer_geen_delete BEFORE DELETE ON uitvoer
        BEGIN SELECT RAISE(ABORT, 'uitvoer is insert-only: DELETE refused'); END""",
        """CREATE TRIGGER uitvoer_geen_replace BEFORE INSERT ON uitvoer
        WHEN EXISTS (SELECT 1 FROM uitvoer WHERE id = NEW.id)
        BEGIN SELECT RAISE(ABORT, 'uitvoer is insert-only: row exists'); END""",
        """CREATE TRIGGER afscherming_geen_update BEFORE UPDATE ON afscherming
        BEGIN SELECT RAISE(ABORT, 'afscherming is insert-only: UPDATE refused'); END""",
        """CREATE TRIGGER afscherming_geen_delete BEFORE DELETE ON afscherming
        BEGIN SELECT RAISE(ABORT, 'afscherming is insert-only: DELETE refused'); END""",
        """CREATE TRIGGER afscherming_geen_replace BEFORE INSERT ON afscherming
        WHEN EXISTS (SELECT 1 FROM afscherming WHERE id = NEW.id)
        BEGIN SELECT RAISE(ABORT, 'afscherming is insert-only: row exists'); END""",
        """CREATE TRIGGER afscherming_lid_geen_update BEFORE UPDATE ON afscherming_lid
        BEGIN SELECT RAISE(ABORT, 'afscherming_lid is insert-only: UPDATE refused'); END""",
        """CREATE TRIGGER afscherming_lid_geen_delete BEFORE DELETE ON afscherming_lid
        BEGIN SELECT RAISE(ABORT, 'afscherming_lid is insert-only: DELETE refused'); END""",
        """CREATE TRIGGER afscherming_lid_geen_replace BEFORE INSERT ON afscherming_lid
        WHEN EXISTS (SELECT 1 FROM afscherming_lid WHERE afscherming_id = NEW.afscherming_id AND medewerker = NEW.medewerker)
        BEGIN SELECT RAISE(ABORT, 'afscherming_lid is insert-only: row exists'); END""",
        """CREATE TRIGGER afscherming_einde_geen_update BEFORE UPDATE ON afscherming_einde
        BEGIN SELECT RAISE(ABORT, 'afscherming_einde is insert-only: UPDATE refused'); END""",
        """CREATE TRIGGER afscherming_einde_geen_delete BEFORE DELETE ON afscherming_einde
        BEGIN SELECT RAISE(ABORT, 'afscherming_einde is insert-only: DELETE refused'); END""",
        """CREATE TRIGGER afscherming_einde_geen_replace BEFORE INSERT ON afscherming_einde
        WHEN EXISTS (SELECT 1 FROM afscherming_einde WHERE id = NEW.id)
        BEGIN SELECT RAISE(ABORT, 'afscherming_einde is insert-only: row exists'); END""",
        """CREATE TRIGGER inzage_geen_update BEFORE UPDATE ON inzage
        BEGIN SELECT RAISE(ABORT, 'inzage is insert-only: UPDATE refused'); END""",
        """CREATE TRIGGER inzage_geen_delete BEFORE DELETE ON inzage
        BEGIN SELECT RAISE(ABORT, 'inzage is insert-only: DELETE refused'); END""",
        """CREATE TRIGGER inzage_geen_replace BEFORE INSERT ON inzage
        WHEN EXISTS (SELECT 1 FROM inzage WHERE id = NEW.id)
        BEGIN SELECT RAISE(ABORT, 'inzage is insert-only: row exists'); END""",
    ),
    "postgresql": (
        """CREATE OR REPLACE FUNCTION gebeurtenis_alleen_erbij() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF TG_OP = 'UPDATE' AND NEW.inhoud IS NULL AND NEW.zout IS NULL AND NEW.id IS NOT DISTINCT FROM OLD.id AND NEW.volgnummer IS NOT DISTINCT FROM OLD.volgnummer AND NEW.soort IS NOT DISTINCT FROM OLD.soort AND NEW.overgang IS NOT DISTINCT FROM OLD.overgang AND NEW.naar IS NOT DISTINCT FROM OLD.naar AND NEW.reden IS NOT DISTINCT FROM OLD.reden AND NEW.dag IS NOT DISTINCT FROM OLD.dag AND NEW.routekaart IS NOT DISTINCT FROM OLD.routekaart AND NEW.traject_id IS NOT DISTINCT FROM OLD.traject_id AND NEW.vastgelegd_op IS NOT DISTINCT FROM OLD.vastgelegd_op AND NEW.betreft_volgnummer IS NOT DISTINCT FROM OLD.betreft_volgnummer AND NEW.na_volgnummer IS NOT DISTINCT FROM OLD.na_volgnummer AND NEW.van IS NOT DISTINCT FROM OLD.van AND NEW.moment IS NOT DISTINCT FROM OLD.moment AND NEW.bron_vastgelegd_op IS NOT DISTINCT FROM OLD.bron_vastgelegd_op AND NEW.opdracht_id IS NOT DISTINCT FROM OLD.opdracht_id AND NEW.sleutel IS NOT DISTINCT FROM OLD.sleutel AND NEW.inhoud_hash IS NOT DISTINCT FROM OLD.inhoud_hash AND NEW.vorige_hash IS NOT DISTINCT FROM OLD.vorige_hash AND NEW.hash IS NOT DISTINCT FROM OLD.hash AND EXISTS (
          SELECT 1 FROM gebeurtenis v WHERE v.traject_id = OLD.traject_id AND v.soort = 'vernietiging') THEN
        RETURN NEW;
      END IF;
      RAISE EXCEPTION 'gebeurtenis is append-only: % refused', TG_OP;
    END $$""",
        """CREATE TRIGGER gebeurtenis_alleen_erbij BEFORE DELETE OR UPDATE ON gebeurtenis
    FOR EACH ROW EXECUTE FUNCTION gebeurtenis_alleen_erbij()""",
        """CREATE TRIGGER gebeurtenis_geen_truncate BEFORE TRUNCATE ON gebeurtenis
    FOR EACH STATEMENT EXECUTE FUNCTION gebeurtenis_alleen_erbij()""",
        """CREATE OR REPLACE FUNCTION toelichting_alleen_erbij() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF TG_OP = 'DELETE' AND EXISTS (SELECT 1 FROM gebeurtenis v WHERE v.traject_id = OLD.traject_id AND v.soort = 'vernietiging') THEN RETURN OLD; END IF;
          RAISE EXCEPTION 'toelichting is append-only: % refused', TG_OP;
        END $$""",
        """CREATE TRIGGER toelichting_alleen_erbij BEFORE DELETE OR UPDATE ON toelichting
        FOR EACH ROW EXECUTE FUNCTION toelichting_alleen_erbij()""",
        """CREATE TRIGGER toelichting_geen_truncate BEFORE TRUNCATE ON toelichting
        FOR EACH STATEMENT EXECUTE FUNCTION toelichting_alleen_erbij()""",
        """CREATE OR REPLACE FUNCTION trajectnummer_alleen_erbij() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'trajectnummer is insert-only: % refused', TG_OP; END $$""",
        """CREATE TRIGGER trajectnummer_alleen_erbij BEFORE DELETE OR UPDATE ON trajectnummer
        FOR EACH ROW EXECUTE FUNCTION trajectnummer_alleen_erbij()""",
        """CREATE TRIGGER trajectnummer_geen_truncate BEFORE TRUNCATE ON trajectnummer
        FOR EACH STATEMENT EXECUTE FUNCTION trajectnummer_alleen_erbij()""",
        """CREATE OR REPLACE FUNCTION rapport_alleen_erbij() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'rapport is insert-only: % refused', TG_OP; END $$""",
        """CREATE TRIGGER rapport_alleen_erbij BEFORE DELETE OR UPDATE ON rapport
        FOR EACH ROW EXECUTE FUNCTION rapport_alleen_erbij()""",
        """CREATE TRIGGER rapport_geen_truncate BEFORE TRUNCATE ON rapport
        FOR EACH STATEMENT EXECUTE FUNCTION rapport_alleen_erbij()""",
        """CREATE OR REPLACE FUNCTION rapportuitgave_alleen_erbij() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'rapportuitgave is insert-only: % refused', TG_OP; END $$""",
        """CREATE TRIGGER rapportuitgave_alleen_erbij BEFORE DELETE OR UPDATE ON rapportuitgave
        FOR EACH ROW EXECUTE FUNCTION rapportuitgave_alleen_erbij()""",
        """CREATE TRIGGER rapportuitgave_geen_truncate BEFORE TRUNCATE ON rapportuitgave
        FOR EACH STATEMENT EXECUTE FUNCTION rapportuitgave_alleen_erbij()""",
        """CREATE OR REPLACE FUNCTION zegel_alleen_erbij() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'zegel is insert-only: % refused', TG_OP; END $$""",
        """CREATE TRIGGER zegel_alleen_erbij BEFORE DELETE OR UPDATE ON zegel
        FOR EACH ROW EXECUTE FUNCTION zegel_alleen_erbij()""",
        """CREATE TRIGGER zegel_geen_truncate BEFORE TRUNCATE ON zegel
        FOR EACH STATEMENT EXECUTE FUNCTION zegel_alleen_erbij()""",
        """CREATE OR REPLACE FUNCTION zegelblad_alleen_erbij() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'zegelblad is insert-only: % refused', TG_OP; END $$""",
        """CREATE TRIGGER zegelblad_alleen_erbij BEFORE DELETE OR UPDATE ON zegelblad
        FOR EACH ROW EXECUTE FUNCTION zegelblad_alleen_erbij()""",
        """CREATE TRIGGER zegelblad_geen_truncate BEFORE TRUNCATE ON zegelblad
        FOR EACH STATEMENT EXECUTE FUNCTION zegelblad_alleen_erbij()""",
        """CREATE OR REPLACE FUNCTION houd_schrijvers() RETURNS void LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
    BEGIN LOCK TABLE gebeurtenis IN SHARE ROW EXCLUSIVE MODE; END $$""",
        """CREATE OR REPLACE FUNCTION pakket_alleen_erbij() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'pakket is insert-only: % refused', TG_OP; END $$""",
        """CREATE TRIGGER pakket_alleen_erbij BEFORE DELETE OR UPDATE ON pakket
        FOR EACH ROW EXECUTE FUNCTION pakket_alleen_erbij()""",
        """CREATE TRIGGER pakket_geen_truncate BEFORE TRUNCATE ON pakket
        FOR EACH STATEMENT EXECUTE FUNCTION pakket_alleen_erbij()""",
        """CREATE OR REPLACE FUNCTION dagstelling_alleen_erbij() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'dagstelling is insert-only: % refused', TG_OP; END $$""",
        """CREATE TRIGGER dagstelling_alleen_erbij BEFORE DELETE OR UPDATE ON dagstelling
        FOR EACH ROW EXECUTE FUNCTION dagstelling_alleen_erbij()""",
        """CREATE TRIGGER dagstelling_geen_truncate BEFORE TRUNCATE ON dagstelling
        FOR EACH STATEMENT EXECUTE FUNCTION dagstelling_alleen_erbij()""",
        """CREATE OR REPLACE FUNCTION stuk_alleen_erbij() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN IF TG_OP = 'DELETE' AND EXISTS (SELECT 1 FROM gebeurtenis v WHERE v.traject_id = OLD.traject_id AND v.soort = 'vernietiging') THEN RETURN OLD; END IF;
        RAISE EXCEPTION 'stuk is insert-only: % refused', TG_OP; END $$""",
        """CREATE TRIGGER stuk_alleen_erbij BEFORE DELETE OR UPDATE ON stuk
        FOR EACH ROW EXECUTE FUNCTION stuk_alleen_erbij()""",
        """CREATE TRIGGER stuk_geen_truncate BEFORE TRUNCATE ON stuk
        FOR EACH STATEMENT EXECUTE FUNCTION stuk_alleen_erbij()""",
        """CREATE OR REPLACE FUNCTION stukbestand_alleen_erbij() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN IF TG_OP = 'DELETE' AND EXISTS (SELECT 1 FROM stukverwijdering w WHERE w.id = OLD.id) THEN RETURN OLD; END IF;
        RAISE EXCEPTION 'stukbestand is insert-only: % refused', TG_OP; END $$""",
        """CREATE TRIGGER stukbestand_alleen_erbij BEFORE DELETE OR UPDATE ON stukbestand
        FOR EACH ROW EXECUTE FUNCTION stukbestand_alleen_erbij()""",
        """CREATE TRIGGER stukbestand_geen_truncate BEFORE TRUNCATE ON stukbestand
        FOR EACH STATEMENT EXECUTE FUNCTION stukbestand_alleen_erbij()""",
        """CREATE OR REPLACE FUNCTION stukverwijdering_alleen_erbij() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'stukverwijdering is insert-only: % refused', TG_OP; END $$""",
        """CREATE TRIGGER stukverwijdering_alleen_erbij BEFORE DELETE OR UPDATE ON stukverwijdering
        FOR EACH ROW EXECUTE FUNCTION stukverwijdering_alleen_erbij()""",
        """CREATE TRIGGER stukverwijdering_geen_truncate BEFORE TRUNCATE ON stukverwijdering
        FOR EACH STATEMENT EXECUTE FUNCTION stukverwijdering_alleen_erbij()""",
        """CREATE OR REPLACE FUNCTION schuld_alleen_erbij() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN IF TG_OP = 'DELETE' AND EXISTS (SELECT 1 FROM gebeurtenis v WHERE v.traject_id = OLD.traject_id AND v.soort = 'vernietiging') THEN RETURN OLD; END IF;
        RAISE EXCEPTION 'schuld is insert-only: % refused', TG_OP; END $$""",
        """CREATE TRIGGER schuld_alleen_erbij BEFORE DELETE OR UPDATE ON schuld
        FOR EACH ROW EXECUTE FUNCTION schuld_alleen_erbij()""",
        """CREATE TRIGGER schuld_geen_truncate BEFORE TRUNCATE ON schuld
        FOR EACH STATEMENT EXECUTE FUNCTION schuld_alleen_erbij()""",
        """CREATE OR REPLACE FUNCTION correctievoorstel_alleen_erbij() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'correctievoorstel is insert-only: % refused', TG_OP; END $$""",
        """CREATE TRIGGER correctievoorstel_alleen_erbij BEFORE DELETE OR UPDATE ON correctievoorstel
        FOR EACH ROW EXECUTE FUNCTION correctievoorstel_alleen_erbij()""",
        """CREATE TRIGGER correctievoorstel_geen_truncate BEFORE TRUNCATE ON correctievoorstel
        FOR EACH STATEMENT EXECUTE FUNCTION correctievoorstel_alleen_erbij()""",
        """CREATE OR REPLACE FUNCTION correctiebesluit_alleen_erbij() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'correctiebesluit is insert-only: % refused', TG_OP; END $$""",
        """CREATE TRIGGER correctiebesluit_alleen_erbij BEFORE DELETE OR UPDATE ON correctiebesluit
        FOR EACH ROW EXECUTE FUNCTION correctiebesluit_alleen_erbij()""",
        """CREATE TRIGGER correctiebesluit_geen_truncate BEFORE TRUNCATE ON correctiebesluit
        FOR EACH STATEMENT EXECUTE FUNCTION correctiebesluit_alleen_erbij()""",
        """CREATE OR REPLACE FUNCTION wijziging_alleen_erbij() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'wijziging is insert-only: % refused', TG_OP; END $$""",
        """CREATE TRIGGER wijziging_alleen_erbij BEFORE DELETE OR UPDATE ON wijziging
        FOR EACH ROW EXECUTE FUNCTION wijziging_alleen_erbij()""",
        """CREATE TRIGGER wijziging_geen_truncate BEFORE TRUNCATE ON wijziging
        FOR EACH STATEMENT EXECUTE FUNCTION wijziging_alleen_erbij()""",
        """CREATE OR REPLACE FUNCTION uitvoer_alleen_erbij() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'uitvoer is insert-only: % refused', TG_OP; END $$""",
        """CREATE TRIGGER uitvoer_alleen_erbij BEFORE DELETE OR UPDATE ON uitvoer
        FOR EACH ROW EXECUTE FUNCTION uitvoer_alleen_erbij()""",
        """CREATE TRIGGER uitvoer_geen_truncate BEFORE TRUNCATE ON uitvoer
        FOR EACH STATEMENT EXECUTE FUNCTION uitvoer_alleen_erbij()""",
        """CREATE OR REPLACE FUNCTION afscherming_alleen_erbij() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'afscherming is insert-only: % refused', TG_OP; END $$""",
        """CREATE TRIGGER afscherming_alleen_erbij BEFORE DELETE OR UPDATE ON afscherming
        FOR EACH ROW EXECUTE FUNCTION afscherming_alleen_erbij()""",
        """CREATE TRIGGER afscherming_geen_truncate BEFORE TRUNCATE ON afscherming
        FOR EACH STATEMENT EXECUTE FUNCTION afscherming_alleen_erbij()""",
        """CREATE OR REPLACE FUNCTION afscherming_lid_alleen_erbij() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'afscherming_lid is insert-only: % refused', TG_OP; END $$""",
        """CREATE TRIGGER afscherming_lid_alleen_erbij BEFORE DELETE OR UPDATE ON afscherming_lid
        FOR EACH ROW EXECUTE FUNCTION afscherming_lid_alleen_erbij()""",
        """CREATE TRIGGER afscherming_lid_geen_truncate BEFORE TRUNCATE ON afscherming_lid
        FOR EACH STATEMENT EXECUTE FUNCTION afscherming_lid_alleen_erbij()""",
        """CREATE OR REPLACE FUNCTION afscherming_einde_alleen_erbij() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'afscherming_einde is insert-only: % refused', TG_OP; END $$""",
        """CREATE TRIGGER afscherming_einde_alleen_erbij BEFORE DELETE OR UPDATE ON afscherming_einde
        FOR EACH ROW EXECUTE FUNCTION afscherming_einde_alleen_erbij()""",
        """CREATE TRIGGER afscherming_einde_geen_truncate BEFORE TRUNCATE ON afscherming_einde
        FOR EACH STATEMENT EXECUTE FUNCTION afscherming_einde_alleen_erbij()""",
        """CREATE OR REPLACE FUNCTION inzage_alleen_erbij() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'inzage is insert-only: % refused', TG_OP; END $$""",
        """CREATE TRIGGER inzage_alleen_erbij BEFORE DELETE OR UPDATE ON inzage
        FOR EACH ROW EXECUTE FUNCTION inzage_alleen_erbij()""",
        """CREATE TRIGGER inzage_geen_truncate BEFORE TRUNCATE ON inzage
        FOR EACH STATEMENT EXECUTE FUNCTION inzage_alleen_erbij()""",
    ),
}

TRIGGERS_BRIEF = {
    "sqlite": (
        """CREATE TRIGGER briefsjabloon_geen_update BEFORE UPDATE ON briefsjabloon
        BEGIN SELECT RAISE(ABORT, 'briefsjabloon is insert-only: UPDATE refused'); END""",
        """CREATE TRIGGER briefsjabloon_geen_delete BEFORE DELETE ON briefsjabloon
        BEGIN SELECT RAISE(ABORT, 'briefsjabloon is insert-only: DELETE refused'); END""",
        """CREATE TRIGGER briefsjabloon_geen_replace BEFORE INSERT ON briefsjabloon
        WHEN EXISTS (SELECT 1 FROM briefsjabloon WHERE id = NEW.id) OR EXISTS (SELECT 1 FROM briefsjabloon WHERE code = NEW.code AND versie = NEW.versie)
        BEGIN SELECT RAISE(ABORT, 'briefsjabloon is insert-only: row exists'); END""",
        """CREATE TRIGGER briefpapier_geen_update BEFORE UPDATE ON briefpapier
        BEGIN SELECT RAISE(ABORT, 'briefpapier is insert-only: UPDATE refused'); END""",
        """CREATE TRIGGER briefpapier_geen_delete BEFORE DELETE ON briefpapier
        BEGIN SELECT RAISE(ABORT, 'briefpapier is insert-only: DELETE refused'); END""",
        """CREATE TRIGGER briefpapier_geen_replace BEFORE INSERT ON briefpapier
        WHEN EXISTS (SELECT 1 FROM briefpapier WHERE id = NEW.id)
        BEGIN SELECT RAISE(ABORT, 'briefpapier is insert-only: row exists'); END""",
        """CREATE TRIGGER brief_staat_vast BEFORE UPDATE ON brief WHEN OLD.status <> 'concept' AND (NEW.status = 'concept' OR NEW.nummer IS NOT OLD.nummer OR NEW.traject_id IS NOT OLD.traject_id OR NEW.persoon IS NOT OLD.persoon OR NEW.sjabloon IS NOT OLD.sjabloon OR NEW.sjabloonversie IS NOT OLD.sjabloonversie OR NEW.soort IS NOT OLD.soort OR NEW.dag IS NOT OLD.dag OR NEW.datasleutel_id IS NOT OLD.datasleutel_id OR NEW.inhoud IS NOT OLD.inhoud OR NEW.pdf IS NOT OLD.pdf OR NEW.docx IS NOT OLD.docx OR NEW.pdf_sha256 IS NOT OLD.pdf_sha256 OR NEW.docx_sha256 IS NOT OLD.docx_sha256 OR NEW.vastgesteld_door IS NOT OLD.vastgesteld_door OR NEW.vastgesteld_op IS NOT OLD.vastgesteld_op)
        BEGIN SELECT RAISE(ABORT, 'brief is vastgesteld: UPDATE refused'); END""",
        """CREATE TRIGGER brief_geen_delete BEFORE DELETE ON brief WHEN NOT EXISTS (SELECT 1 FROM gebeurtenis v WHERE v.traject_id = OLD.traject_id AND v.soort = 'vernietiging')
        BEGIN SELECT RAISE(ABORT, 'brief is kept: DELETE refused'); END""",
        """CREATE TRIGGER brief_geen_replace BEFORE INSERT ON brief
        WHEN EXISTS (SELECT 1 FROM brief WHERE id = NEW.id OR nummer = NEW.nummer)
        BEGIN SELECT RAISE(ABORT, 'brief is kept: row exists'); END""",
    ),
    "postgresql": (
        """CREATE OR REPLACE FUNCTION briefsjabloon_alleen_erbij() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'briefsjabloon is insert-only: % refused', TG_OP; END $$""",
        """CREATE TRIGGER briefsjabloon_alleen_erbij BEFORE DELETE OR UPDATE ON briefsjabloon
        FOR EACH ROW EXECUTE FUNCTION briefsjabloon_alleen_erbij()""",
        """CREATE TRIGGER briefsjabloon_geen_truncate BEFORE TRUNCATE ON briefsjabloon
        FOR EACH STATEMENT EXECUTE FUNCTION briefsjabloon_alleen_erbij()""",
        """CREATE OR REPLACE FUNCTION briefpapier_alleen_erbij() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'briefpapier is insert-only: % refused', TG_OP; END $$""",
        """CREATE TRIGGER briefpapier_alleen_erbij BEFORE DELETE OR UPDATE ON briefpapier
        FOR EACH ROW EXECUTE FUNCTION briefpapier_alleen_erbij()""",
        """CREATE TRIGGER briefpapier_geen_truncate BEFORE TRUNCATE ON briefpapier
        FOR EACH STATEMENT EXECUTE FUNCTION briefpapier_alleen_erbij()""",
        """CREATE OR REPLACE FUNCTION brief_blijft() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF TG_OP = 'UPDATE' THEN
            IF OLD.status <> 'concept' AND (NEW.status = 'concept' OR NEW.nummer IS DISTINCT FROM OLD.nummer OR NEW.traject_id IS DISTINCT FROM OLD.traject_id OR NEW.persoon IS DISTINCT FROM OLD.persoon OR NEW.sjabloon IS DISTINCT FROM OLD.sjabloon OR NEW.sjabloonversie IS DISTINCT FROM OLD.sjabloonversie OR NEW.soort IS DISTINCT FROM OLD.soort OR NEW.dag IS DISTINCT FROM OLD.dag OR NEW.datasleutel_id IS DISTINCT FROM OLD.datasleutel_id OR NEW.inhoud IS DISTINCT FROM OLD.inhoud OR NEW.pdf IS DISTINCT FROM OLD.pdf OR NEW.docx IS DISTINCT FROM OLD.docx OR NEW.pdf_sha256 IS DISTINCT FROM OLD.pdf_sha256 OR NEW.docx_sha256 IS DISTINCT FROM OLD.docx_sha256 OR NEW.vastgesteld_door IS DISTINCT FROM OLD.vastgesteld_door OR NEW.vastgesteld_op IS DISTINCT FROM OLD.vastgesteld_op) THEN RAISE EXCEPTION 'brief is vastgesteld: UPDATE refused'; END IF;
            RETURN NEW;
          END IF;
          IF TG_OP = 'DELETE' AND EXISTS (SELECT 1 FROM gebeurtenis v WHERE v.traject_id = OLD.traject_id AND v.soort = 'vernietiging') THEN RETURN OLD; END IF;
          RAISE EXCEPTION 'brief is kept: % refused', TG_OP;
        END $$""",
        """CREATE TRIGGER brief_blijft BEFORE DELETE OR UPDATE ON brief
        FOR EACH ROW EXECUTE FUNCTION brief_blijft()""",
        """CREATE TRIGGER brief_geen_truncate BEFORE TRUNCATE ON brief
        FOR EACH STATEMENT EXECUTE FUNCTION brief_blijft()""",
    ),
}
"""Of letters, templates and letterheads."""


def _make_letters() -> None:
    op.create_table(
        "briefsjabloon",
        sa.Column("id", Nummer, autoincrement=True, nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("versie", sa.Integer(), nullable=False),
        sa.Column("soort", sa.String(length=64), nullable=False),
        sa.Column("naam", sa.String(length=120), nullable=False),
        sa.Column("tekst", sa.Text(), nullable=False),
        sa.Column("is_in_gebruik", sa.Boolean(), nullable=False),
        sa.Column("door", sa.String(length=32), nullable=False),
        sa.Column("vastgelegd_op", Nummer, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_briefsjabloon")),
        sa.UniqueConstraint("code", "versie", name=op.f("uq_briefsjabloon_code_versie")),
    )
    op.create_table(
        "briefpapier",
        sa.Column("id", Nummer, autoincrement=True, nullable=False),
        sa.Column("inhoud", sa.Text(), nullable=False),
        sa.Column("door", sa.String(length=32), nullable=False),
        sa.Column("vastgelegd_op", Nummer, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_briefpapier")),
    )
    op.create_table(
        "brief",
        sa.Column("id", Nummer, autoincrement=True, nullable=False),
        sa.Column("nummer", sa.String(length=32), nullable=False),
        sa.Column("traject_id", Nummer, nullable=False),
        sa.Column("persoon", sa.String(length=32), nullable=False),
        sa.Column("sjabloon", sa.String(length=64), nullable=False),
        sa.Column("sjabloonversie", sa.Integer(), nullable=False),
        sa.Column("soort", sa.String(length=64), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("versie", sa.Integer(), nullable=False),
        sa.Column("dag", sa.Integer(), nullable=False),
        sa.Column("datasleutel_id", Nummer, nullable=False),
        sa.Column("inhoud", sa.LargeBinary(), nullable=False),
        sa.Column("pdf", sa.LargeBinary(), nullable=True),
        sa.Column("docx", sa.LargeBinary(), nullable=True),
        sa.Column("pdf_sha256", sa.String(length=64), nullable=True),
        sa.Column("docx_sha256", sa.String(length=64), nullable=True),
        sa.Column("door", sa.String(length=32), nullable=False),
        sa.Column("aangemaakt_op", Nummer, nullable=False),
        sa.Column("vastgesteld_door", sa.String(length=32), nullable=True),
        sa.Column("vastgesteld_op", Nummer, nullable=True),
        sa.Column("verzonden_op", sa.Integer(), nullable=True),
        sa.Column("verzonden_door", sa.String(length=32), nullable=True),
        sa.Column("volgnummer", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "status IN ('concept', 'vastgesteld', 'verzonden', 'vervallen')", name=op.f("ck_brief_status")
        ),
        sa.ForeignKeyConstraint(["datasleutel_id"], ["datasleutel.id"], name=op.f("fk_brief_datasleutel_id")),
        sa.ForeignKeyConstraint(["traject_id"], ["trajectnummer.id"], name=op.f("fk_brief_traject_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_brief")),
        sa.UniqueConstraint("nummer", name=op.f("uq_brief_nummer")),
    )
    op.create_index("ix_brief_traject_id", "brief", ["traject_id"])


def upgrade() -> None:
    op.create_table(
        "datasleutel",
        sa.Column("id", Nummer, autoincrement=True, nullable=False),
        sa.Column("omhuld", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_datasleutel")),
    )
    op.create_table(
        "deelname",
        sa.Column("traject_id", Nummer, nullable=False),
        sa.Column("nr", sa.Integer(), nullable=False),
        sa.Column("soort", sa.String(length=16), nullable=False),
        sa.Column("deelnemer", sa.String(length=32), nullable=False),
        sa.Column("van_dag", sa.Integer(), nullable=False),
        sa.Column("bekend_van", Nummer, nullable=False),
        sa.Column("tot_dag", sa.Integer(), nullable=True),
        sa.Column("eind_bekend_van", Nummer, nullable=True),
        sa.PrimaryKeyConstraint("traject_id", "nr", name=op.f("pk_deelname")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("deelname", schema=None) as batch_op:
        batch_op.create_index("ix_deelname_deelnemer", ["deelnemer"], unique=False)

    op.create_table(
        "deelname_oud",
        sa.Column("traject_id", Nummer, nullable=False),
        sa.Column("nr", sa.Integer(), nullable=False),
        sa.Column("bekend_tot", Nummer, nullable=False),
        sa.Column("soort", sa.String(length=16), nullable=False),
        sa.Column("deelnemer", sa.String(length=32), nullable=False),
        sa.Column("van_dag", sa.Integer(), nullable=False),
        sa.Column("bekend_van", Nummer, nullable=False),
        sa.Column("tot_dag", sa.Integer(), nullable=True),
        sa.Column("eind_bekend_van", Nummer, nullable=True),
        sa.PrimaryKeyConstraint("traject_id", "nr", "bekend_tot", name=op.f("pk_deelname_oud")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "gelijkgestelde_dag",
        sa.Column("dag", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("bron", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("dag", name=op.f("pk_gelijkgestelde_dag")),
    )
    op.create_table(
        "instelling",
        sa.Column("naam", sa.String(length=64), nullable=False),
        sa.Column("waarde", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("naam", name=op.f("pk_instelling")),
    )
    op.create_table(
        "dagstelling",
        sa.Column("id", Nummer, autoincrement=True, nullable=False),
        sa.Column("naam", sa.String(length=64), nullable=False),
        sa.Column("waarde", sa.Integer(), nullable=False),
        sa.Column("vanaf_dag", sa.Integer(), nullable=False),
        sa.Column("door", sa.String(length=32), nullable=False),
        sa.Column("vastgelegd_op", Nummer, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dagstelling")),
    )
    kalenderdag = op.create_table(
        "kalenderdag",
        sa.Column("dag", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("jaar", sa.String(length=4), nullable=False),
        sa.Column("kwartaal", sa.String(length=7), nullable=False),
        sa.Column("maand", sa.String(length=7), nullable=False),
        sa.Column("datum", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("dag", name=op.f("pk_kalenderdag")),
    )
    op.bulk_insert(kalenderdag, list(days()))
    op.create_table(
        "kenmerk",
        sa.Column("traject_id", Nummer, nullable=False),
        sa.Column("naam", sa.String(length=64), nullable=False),
        sa.Column("nr", sa.Integer(), nullable=False),
        sa.Column("waarde", sa.String(length=64), nullable=False),
        sa.Column("van_dag", sa.Integer(), nullable=False),
        sa.Column("bekend_van", Nummer, nullable=False),
        sa.Column("tot_dag", sa.Integer(), nullable=True),
        sa.Column("eind_bekend_van", Nummer, nullable=True),
        sa.PrimaryKeyConstraint("traject_id", "naam", "nr", name=op.f("pk_kenmerk")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "kenmerk_oud",
        sa.Column("traject_id", Nummer, nullable=False),
        sa.Column("naam", sa.String(length=64), nullable=False),
        sa.Column("nr", sa.Integer(), nullable=False),
        sa.Column("bekend_tot", Nummer, nullable=False),
        sa.Column("waarde", sa.String(length=64), nullable=False),
        sa.Column("van_dag", sa.Integer(), nullable=False),
        sa.Column("bekend_van", Nummer, nullable=False),
        sa.Column("tot_dag", sa.Integer(), nullable=True),
        sa.Column("eind_bekend_van", Nummer, nullable=True),
        sa.PrimaryKeyConstraint("traject_id", "naam", "nr", "bekend_tot", name=op.f("pk_kenmerk_oud")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "mijlpaal",
        sa.Column("traject_id", Nummer, nullable=False),
        sa.Column("nr", sa.Integer(), nullable=False),
        sa.Column("naam", sa.String(length=64), nullable=False),
        sa.Column("stap", sa.String(length=64), nullable=True),
        sa.Column("gemeente", sa.String(length=16), nullable=True),
        sa.Column("dag", sa.Integer(), nullable=False),
        sa.Column("volgnummer", sa.Integer(), nullable=False),
        sa.Column("genoemde_dag", sa.Integer(), nullable=True),
        sa.Column("bekend_van", Nummer, nullable=False),
        sa.Column("eind_bekend_van", Nummer, nullable=True),
        sa.PrimaryKeyConstraint("traject_id", "nr", name=op.f("pk_mijlpaal")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "mijlpaal_oud",
        sa.Column("traject_id", Nummer, nullable=False),
        sa.Column("nr", sa.Integer(), nullable=False),
        sa.Column("bekend_tot", Nummer, nullable=False),
        sa.Column("naam", sa.String(length=64), nullable=False),
        sa.Column("stap", sa.String(length=64), nullable=True),
        sa.Column("gemeente", sa.String(length=16), nullable=True),
        sa.Column("dag", sa.Integer(), nullable=False),
        sa.Column("volgnummer", sa.Integer(), nullable=False),
        sa.Column("genoemde_dag", sa.Integer(), nullable=True),
        sa.Column("bekend_van", Nummer, nullable=False),
        sa.Column("eind_bekend_van", Nummer, nullable=True),
        sa.PrimaryKeyConstraint("traject_id", "nr", "bekend_tot", name=op.f("pk_mijlpaal_oud")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "opgave",
        sa.Column("traject_id", Nummer, nullable=False),
        sa.Column("nr", sa.Integer(), nullable=False),
        sa.Column("indicator", sa.String(length=64), nullable=False),
        sa.Column("reeks", sa.String(length=64), nullable=False),
        sa.Column("plaats", sa.String(length=64), nullable=False),
        sa.Column("opgever", sa.String(length=32), nullable=True),
        sa.Column("gemeente", sa.String(length=16), nullable=True),
        sa.Column("van_dag", sa.Integer(), nullable=False),
        sa.Column("tot_dag", sa.Integer(), nullable=False),
        sa.Column("aantal", sa.Integer(), nullable=False),
        sa.Column("is_historisch", sa.Boolean(), nullable=False),
        sa.Column("bekend_van", Nummer, nullable=False),
        sa.Column("eind_bekend_van", Nummer, nullable=True),
        sa.PrimaryKeyConstraint("traject_id", "nr", name=op.f("pk_opgave")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_opgave_indicator", "opgave", ["indicator", "opgever"], unique=False)
    op.create_table(
        "opgave_oud",
        sa.Column("traject_id", Nummer, nullable=False),
        sa.Column("nr", sa.Integer(), nullable=False),
        sa.Column("bekend_tot", Nummer, nullable=False),
        sa.Column("indicator", sa.String(length=64), nullable=False),
        sa.Column("reeks", sa.String(length=64), nullable=False),
        sa.Column("plaats", sa.String(length=64), nullable=False),
        sa.Column("opgever", sa.String(length=32), nullable=True),
        sa.Column("gemeente", sa.String(length=16), nullable=True),
        sa.Column("van_dag", sa.Integer(), nullable=False),
        sa.Column("tot_dag", sa.Integer(), nullable=False),
        sa.Column("aantal", sa.Integer(), nullable=False),
        sa.Column("is_historisch", sa.Boolean(), nullable=False),
        sa.Column("bekend_van", Nummer, nullable=False),
        sa.Column("eind_bekend_van", Nummer, nullable=True),
        sa.PrimaryKeyConstraint("traject_id", "nr", "bekend_tot", name=op.f("pk_opgave_oud")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "organisatie",
        sa.Column("id", Nummer, autoincrement=True, nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("naam", sa.String(length=120), nullable=False),
        sa.Column("soort", sa.String(length=32), nullable=False),
        sa.Column("is_actief", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisatie")),
        sa.UniqueConstraint("code", name=op.f("uq_organisatie_code")),
    )
    with op.batch_alter_table("organisatie", schema=None) as batch_op:
        batch_op.create_index("ix_organisatie_soort", ["soort"], unique=False)

    op.create_table(
        "routekaartversie",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("versie", sa.String(length=32), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("geldig_vanaf", sa.Integer(), nullable=False),
        sa.Column("gepubliceerd_op", Nummer, nullable=False),
        sa.Column("canoniek", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_routekaartversie")),
    )
    op.create_table(
        "trajectnummer",
        sa.Column("id", Nummer, autoincrement=False, nullable=False),
        sa.Column("nummer", sa.String(length=32), nullable=False),
        sa.Column("wortel_id", Nummer, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trajectnummer")),
        sa.UniqueConstraint("nummer", name=op.f("uq_trajectnummer_nummer")),
    )
    with op.batch_alter_table("trajectnummer", schema=None) as batch_op:
        batch_op.create_index("ix_trajectnummer_wortel_id", ["wortel_id"], unique=False)

    op.create_table(
        "verblijf",
        sa.Column("traject_id", Nummer, nullable=False),
        sa.Column("niveau", sa.String(length=8), nullable=False),
        sa.Column("nr", sa.Integer(), nullable=False),
        sa.Column("route", sa.String(length=64), nullable=False),
        sa.Column("stap", sa.String(length=64), nullable=False),
        sa.Column("fase", sa.String(length=64), nullable=True),
        sa.Column("bezoek", sa.Integer(), nullable=False),
        sa.Column("ingang", sa.String(length=16), nullable=False),
        sa.Column("gemeente", sa.String(length=16), nullable=True),
        sa.Column("van_dag", sa.Integer(), nullable=False),
        sa.Column("van_volgnummer", sa.Integer(), nullable=False),
        sa.Column("bekend_van", Nummer, nullable=False),
        sa.Column("uitgang", sa.String(length=64), nullable=True),
        sa.Column("klasse", sa.String(length=16), nullable=True),
        sa.Column("naar", sa.String(length=64), nullable=True),
        sa.Column("reden", sa.String(length=64), nullable=True),
        sa.Column("tot_dag", sa.Integer(), nullable=True),
        sa.Column("tot_volgnummer", sa.Integer(), nullable=True),
        sa.Column("eind_bekend_van", Nummer, nullable=True),
        sa.PrimaryKeyConstraint("traject_id", "niveau", "nr", name=op.f("pk_verblijf")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "verblijf_oud",
        sa.Column("traject_id", Nummer, nullable=False),
        sa.Column("niveau", sa.String(length=8), nullable=False),
        sa.Column("nr", sa.Integer(), nullable=False),
        sa.Column("bekend_tot", Nummer, nullable=False),
        sa.Column("route", sa.String(length=64), nullable=False),
        sa.Column("stap", sa.String(length=64), nullable=False),
        sa.Column("fase", sa.String(length=64), nullable=True),
        sa.Column("bezoek", sa.Integer(), nullable=False),
        sa.Column("ingang", sa.String(length=16), nullable=False),
        sa.Column("gemeente", sa.String(length=16), nullable=True),
        sa.Column("van_dag", sa.Integer(), nullable=False),
        sa.Column("van_volgnummer", sa.Integer(), nullable=False),
        sa.Column("bekend_van", Nummer, nullable=False),
        sa.Column("uitgang", sa.String(length=64), nullable=True),
        sa.Column("klasse", sa.String(length=16), nullable=True),
        sa.Column("naar", sa.String(length=64), nullable=True),
        sa.Column("reden", sa.String(length=64), nullable=True),
        sa.Column("tot_dag", sa.Integer(), nullable=True),
        sa.Column("tot_volgnummer", sa.Integer(), nullable=True),
        sa.Column("eind_bekend_van", Nummer, nullable=True),
        sa.PrimaryKeyConstraint("traject_id", "niveau", "nr", "bekend_tot", name=op.f("pk_verblijf_oud")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "gebeurtenis",
        sa.Column("id", Nummer, autoincrement=True, nullable=False),
        sa.Column("volgnummer", sa.Integer(), nullable=False),
        sa.Column("soort", sa.String(length=16), nullable=False),
        sa.Column("overgang", sa.String(length=64), nullable=True),
        sa.Column("naar", sa.String(length=64), nullable=True),
        sa.Column("reden", sa.String(length=64), nullable=True),
        sa.Column("dag", sa.Integer(), nullable=False),
        sa.Column("inhoud", sa.Text(), nullable=True),
        sa.Column("routekaart", sa.String(length=64), nullable=False),
        sa.Column("traject_id", Nummer, nullable=False),
        sa.Column("vastgelegd_op", Nummer, nullable=False),
        sa.Column("betreft_volgnummer", sa.Integer(), nullable=True),
        sa.Column("na_volgnummer", sa.Integer(), nullable=True),
        sa.Column("van", sa.String(length=64), nullable=True),
        sa.Column("moment", Nummer, nullable=True),
        sa.Column("bron_vastgelegd_op", Nummer, nullable=True),
        sa.Column("zout", sa.String(length=32), nullable=True),
        sa.Column("opdracht_id", sa.String(length=32), nullable=False),
        sa.Column("sleutel", sa.String(length=64), nullable=True),
        sa.Column("inhoud_hash", sa.String(length=64), nullable=False),
        sa.Column("vorige_hash", sa.String(length=64), nullable=True),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.CheckConstraint(
            "soort IN ('start', 'overgang', 'intrekking', 'verbetering', 'overdracht', 'samenvoeging', 'migratie', 'vernietiging')",
            name=op.f("ck_gebeurtenis_soort"),
        ),
        sa.CheckConstraint("volgnummer >= 1", name=op.f("ck_gebeurtenis_volgnummer")),
        sa.ForeignKeyConstraint(["traject_id"], ["trajectnummer.id"], name=op.f("fk_gebeurtenis_traject_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gebeurtenis")),
        sa.UniqueConstraint("sleutel", name=op.f("uq_gebeurtenis_sleutel")),
        sa.UniqueConstraint("traject_id", "volgnummer", name=op.f("uq_gebeurtenis_traject_id_volgnummer")),
    )
    with op.batch_alter_table("gebeurtenis", schema=None) as batch_op:
        batch_op.create_index("ix_gebeurtenis_opdracht_id", ["opdracht_id"], unique=False)

    op.create_table(
        "medewerker",
        sa.Column("id", Nummer, autoincrement=True, nullable=False),
        sa.Column("pseudoniem", sa.String(length=32), nullable=False),
        sa.Column("inlognaam", sa.String(length=120), nullable=False),
        sa.Column("naam", sa.String(length=120), nullable=False),
        sa.Column("rol", sa.String(length=16), nullable=False),
        sa.Column("organisatie", sa.String(length=32), nullable=False),
        sa.Column("wachtwoord", sa.String(length=200), nullable=False),
        sa.Column("is_actief", sa.Boolean(), nullable=False),
        sa.Column("mislukt", sa.Integer(), nullable=False),
        sa.Column("geblokkeerd_tot", Nummer, nullable=True),
        sa.ForeignKeyConstraint(["organisatie"], ["organisatie.code"], name=op.f("fk_medewerker_organisatie")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_medewerker")),
        sa.UniqueConstraint("inlognaam", name=op.f("uq_medewerker_inlognaam")),
        sa.UniqueConstraint("pseudoniem", name=op.f("uq_medewerker_pseudoniem")),
    )
    op.create_table(
        "persoon",
        sa.Column("id", Nummer, autoincrement=True, nullable=False),
        sa.Column("pseudoniem", sa.String(length=32), nullable=False),
        sa.Column("datasleutel_id", Nummer, nullable=False),
        sa.Column("gegevens", sa.LargeBinary(), nullable=False),
        sa.Column("bsn_index", sa.String(length=64), nullable=True),
        sa.Column("geboorte_index", sa.String(length=64), nullable=True),
        sa.Column("samengevoegd_met", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(["datasleutel_id"], ["datasleutel.id"], name=op.f("fk_persoon_datasleutel_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_persoon")),
        sa.UniqueConstraint("bsn_index", name=op.f("uq_persoon_bsn_index")),
        sa.UniqueConstraint("pseudoniem", name=op.f("uq_persoon_pseudoniem")),
    )
    with op.batch_alter_table("persoon", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_persoon_geboorte_index"), ["geboorte_index"], unique=False)

    op.create_table(
        "toelichting",
        sa.Column("id", Nummer, autoincrement=True, nullable=False),
        sa.Column("traject_id", Nummer, nullable=False),
        sa.Column("volgnummer", sa.Integer(), nullable=False),
        sa.Column("veld", sa.String(length=64), nullable=False),
        sa.Column("datasleutel_id", Nummer, nullable=False),
        sa.Column("tekst", sa.LargeBinary(), nullable=False),
        sa.Column("zout", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["datasleutel_id"], ["datasleutel.id"], name=op.f("fk_toelichting_datasleutel_id")),
        sa.ForeignKeyConstraint(["traject_id"], ["trajectnummer.id"], name=op.f("fk_toelichting_traject_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_toelichting")),
        sa.UniqueConstraint("traject_id", "volgnummer", "veld", name=op.f("uq_toelichting_traject_id_volgnummer_veld")),
    )
    op.create_table(
        "traject",
        sa.Column("id", Nummer, autoincrement=False, nullable=False),
        sa.Column("nummer", sa.String(length=32), nullable=False),
        sa.Column("wortel_id", Nummer, nullable=False),
        sa.Column("ouder_id", Nummer, nullable=True),
        sa.Column("route", sa.String(length=64), nullable=False),
        sa.Column("routekaart", sa.String(length=64), nullable=False),
        sa.Column("stap", sa.String(length=64), nullable=True),
        sa.Column("fase", sa.String(length=64), nullable=True),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("in_werkvoorraad", sa.Boolean(), nullable=False),
        sa.Column("klasse", sa.String(length=16), nullable=True),
        sa.Column("gemeente", sa.String(length=16), nullable=True),
        sa.Column("behandelaar", sa.String(length=32), nullable=True),
        sa.Column("begonnen_op", sa.Integer(), nullable=True),
        sa.Column("sinds_op", sa.Integer(), nullable=True),
        sa.Column("beeindigd_op", sa.Integer(), nullable=True),
        sa.Column("laatste_op", sa.Integer(), nullable=True),
        sa.Column("contact_op", sa.Integer(), nullable=True),
        sa.Column("vervaldag", sa.Integer(), nullable=True),
        sa.Column("termijn", sa.String(length=64), nullable=True),
        sa.Column("weg", sa.Text(), nullable=True),
        sa.Column("weg_dagen", sa.Text(), nullable=True),
        sa.Column("volgnummer", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["id"], ["trajectnummer.id"], name=op.f("fk_traject_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_traject")),
        sa.UniqueConstraint("nummer", name=op.f("uq_traject_nummer")),
    )
    with op.batch_alter_table("traject", schema=None) as batch_op:
        batch_op.create_index("ix_traject_ouder_id", ["ouder_id"], unique=False)
        batch_op.create_index("ix_traject_voorraad_begonnen_op", ["in_werkvoorraad", "begonnen_op", "id"], unique=False)
        batch_op.create_index("ix_traject_voorraad_contact_op", ["in_werkvoorraad", "contact_op", "id"], unique=False)
        batch_op.create_index("ix_traject_voorraad_sinds_op", ["in_werkvoorraad", "sinds_op", "id"], unique=False)
        batch_op.create_index("ix_traject_wortel_id", ["wortel_id"], unique=False)

    op.create_table(
        "sessie",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("medewerker_id", Nummer, nullable=False),
        sa.Column("begonnen_op", Nummer, nullable=False),
        sa.Column("gezien_op", Nummer, nullable=False),
        sa.ForeignKeyConstraint(
            ["medewerker_id"], ["medewerker.id"], name=op.f("fk_sessie_medewerker_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessie")),
    )
    with op.batch_alter_table("sessie", schema=None) as batch_op:
        batch_op.create_index("ix_sessie_medewerker_id", ["medewerker_id"], unique=False)

    op.create_table(
        "zoekterm",
        sa.Column("term", sa.String(length=32), nullable=False),
        sa.Column("persoon_id", Nummer, nullable=False),
        sa.ForeignKeyConstraint(
            ["persoon_id"], ["persoon.id"], name=op.f("fk_zoekterm_persoon_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("term", "persoon_id", name=op.f("pk_zoekterm")),
    )
    with op.batch_alter_table("zoekterm", schema=None) as batch_op:
        batch_op.create_index("ix_zoekterm_persoon_id", ["persoon_id"], unique=False)

    op.create_table(
        "zegel",
        sa.Column("id", Nummer, autoincrement=False, nullable=False),
        sa.Column("omvang", Nummer, nullable=False),
        sa.Column("wortel", sa.String(length=64), nullable=False),
        sa.Column("vorige_wortel", sa.String(length=64), nullable=True),
        sa.Column("rand", sa.Text(), nullable=False),
        sa.Column("gemaakt_op", Nummer, nullable=False),
        sa.Column("rapport_hash", sa.String(length=64), nullable=True),
        sa.Column("nieuwe_sleutel", sa.String(length=80), nullable=True),
        sa.Column("sleutel", sa.String(length=8), nullable=False),
        sa.Column("handtekening", sa.String(length=128), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_zegel")),
    )
    op.create_table(
        "zegelblad",
        sa.Column("blad", Nummer, autoincrement=False, nullable=False),
        sa.Column("traject_id", Nummer, nullable=False),
        sa.Column("volgnummer", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("blad", name=op.f("pk_zegelblad")),
        sa.UniqueConstraint("traject_id", "volgnummer", name=op.f("uq_zegelblad_traject_id_volgnummer")),
    )
    op.create_table(
        "pakket",
        sa.Column("id", Nummer, autoincrement=True, nullable=False),
        sa.Column("zegel_id", Nummer, nullable=False),
        sa.Column("door", sa.String(length=32), nullable=False),
        sa.Column("gemaakt_op", Nummer, nullable=False),
        sa.ForeignKeyConstraint(["zegel_id"], ["zegel.id"], name=op.f("fk_pakket_zegel_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pakket")),
    )
    op.create_table(
        "rapport",
        sa.Column("id", Nummer, autoincrement=True, nullable=False),
        sa.Column("vraag", sa.Text(), nullable=False),
        sa.Column("definities", sa.Text(), nullable=False),
        sa.Column("programma", sa.String(length=64), nullable=False),
        sa.Column("routekaart", sa.String(length=64), nullable=False),
        sa.Column("logpositie", Nummer, nullable=False),
        sa.Column("zegel_id", Nummer, nullable=False),
        sa.Column("laatste_id", Nummer, nullable=False),
        sa.Column("bekend_tot", Nummer, nullable=False),
        sa.Column("resultaat", sa.Text(), nullable=False),
        sa.Column("resultaat_hash", sa.String(length=64), nullable=False),
        sa.Column("opmerking", sa.String(length=500), nullable=False),
        sa.Column("sleutel", sa.String(length=32), nullable=False),
        sa.Column("door", sa.String(length=32), nullable=False),
        sa.Column("vastgelegd_op", Nummer, nullable=False),
        sa.ForeignKeyConstraint(["zegel_id"], ["zegel.id"], name=op.f("fk_rapport_zegel_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rapport")),
        sa.UniqueConstraint("sleutel", name=op.f("uq_rapport_sleutel")),
    )
    op.create_table(
        "rapportuitgave",
        sa.Column("id", Nummer, autoincrement=True, nullable=False),
        sa.Column("rapport_id", Nummer, nullable=False),
        sa.Column("grens", sa.Integer(), nullable=False),
        sa.Column("onderdrukt", sa.Text(), nullable=False),
        sa.Column("door", sa.String(length=32), nullable=False),
        sa.Column("vastgelegd_op", Nummer, nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["rapport_id"], ["rapport.id"], name=op.f("fk_rapportuitgave_rapport_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rapportuitgave")),
    )
    with op.batch_alter_table("rapportuitgave", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rapportuitgave_rapport_id"), ["rapport_id"], unique=False)

    op.create_table(
        "streefwaarde",
        sa.Column("id", Nummer, autoincrement=True, nullable=False),
        sa.Column("indicator", sa.String(length=64), nullable=False),
        sa.Column("maat", sa.String(length=64), nullable=False),
        sa.Column("jaar", sa.Integer(), nullable=False),
        sa.Column("soort", sa.String(length=16), nullable=False),
        sa.Column("waarde", sa.Float(), nullable=True),
        sa.Column("door", sa.String(length=32), nullable=False),
        sa.Column("vastgelegd_op", Nummer, nullable=False),
        sa.CheckConstraint("soort IN ('norm', 'streefwaarde')", name=op.f("ck_streefwaarde_soort")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_streefwaarde")),
    )
    op.create_table(
        "reeksbreuk",
        sa.Column("id", Nummer, autoincrement=True, nullable=False),
        sa.Column("indicator", sa.String(length=64), nullable=True),
        sa.Column("dag", sa.Integer(), nullable=False),
        sa.Column("tekst", sa.String(length=200), nullable=False),
        sa.Column("door", sa.String(length=32), nullable=False),
        sa.Column("vastgelegd_op", Nummer, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reeksbreuk")),
    )
    op.create_table(
        "indicatoropmerking",
        sa.Column("id", Nummer, autoincrement=True, nullable=False),
        sa.Column("indicator", sa.String(length=64), nullable=False),
        sa.Column("jaar", sa.Integer(), nullable=False),
        sa.Column("tekst", sa.String(length=1000), nullable=False),
        sa.Column("door", sa.String(length=32), nullable=False),
        sa.Column("vastgelegd_op", Nummer, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_indicatoropmerking")),
    )
    op.create_table(
        "stuk",
        sa.Column("id", Nummer, autoincrement=True, nullable=False),
        sa.Column("nummer", sa.String(length=32), nullable=False),
        sa.Column("traject_id", Nummer, nullable=False),
        sa.Column("stuksoort", sa.String(length=64), nullable=False),
        sa.Column("ontvangen_op", sa.Integer(), nullable=False),
        sa.Column("is_volledig", sa.Boolean(), nullable=False),
        sa.Column("plek", sa.String(length=8), nullable=False),
        sa.Column("vervangt_id", Nummer, nullable=True),
        sa.Column("datasleutel_id", Nummer, nullable=False),
        sa.Column("inhoud", sa.LargeBinary(), nullable=False),
        sa.Column("bestandssoort", sa.String(length=8), nullable=True),
        sa.Column("omvang", sa.Integer(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("door", sa.String(length=32), nullable=False),
        sa.Column("vastgelegd_op", Nummer, nullable=False),
        sa.Column("sleutel", sa.String(length=64), nullable=True),
        sa.CheckConstraint("plek IN ('papier', 'dms', 'hier')", name=op.f("ck_stuk_plek")),
        sa.CheckConstraint("(plek = 'hier') = (sha256 IS NOT NULL)", name=op.f("ck_stuk_bestand")),
        sa.ForeignKeyConstraint(["datasleutel_id"], ["datasleutel.id"], name=op.f("fk_stuk_datasleutel_id")),
        sa.ForeignKeyConstraint(["traject_id"], ["trajectnummer.id"], name=op.f("fk_stuk_traject_id")),
        sa.ForeignKeyConstraint(["vervangt_id"], ["stuk.id"], name=op.f("fk_stuk_vervangt_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stuk")),
        sa.UniqueConstraint("nummer", name=op.f("uq_stuk_nummer")),
        sa.UniqueConstraint("sleutel", name=op.f("uq_stuk_sleutel")),
        sa.UniqueConstraint("vervangt_id", name=op.f("uq_stuk_vervangt_id")),
    )
    with op.batch_alter_table("stuk", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_stuk_traject_id"), ["traject_id"], unique=False)

    op.create_table(
        "stukbestand",
        sa.Column("id", Nummer, autoincrement=False, nullable=False),
        sa.Column("inhoud", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["id"], ["stuk.id"], name=op.f("fk_stukbestand_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stukbestand")),
    )
    op.create_table(
        "stukverwijdering",
        sa.Column("id", Nummer, autoincrement=False, nullable=False),
        sa.Column("reden", sa.String(length=32), nullable=False),
        sa.Column("door", sa.String(length=32), nullable=False),
        sa.Column("vastgelegd_op", Nummer, nullable=False),
        sa.ForeignKeyConstraint(["id"], ["stuk.id"], name=op.f("fk_stukverwijdering_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stukverwijdering")),
    )
    op.create_table(
        "correctievoorstel",
        sa.Column("id", Nummer, autoincrement=True, nullable=False),
        sa.Column("traject_id", Nummer, nullable=False),
        sa.Column("soort", sa.String(length=16), nullable=False),
        sa.Column("betreft_volgnummer", sa.Integer(), nullable=True),
        sa.Column("dag", sa.Integer(), nullable=False),
        sa.Column("waarom", sa.String(length=200), nullable=False),
        sa.Column("datasleutel_id", Nummer, nullable=False),
        sa.Column("inhoud", sa.LargeBinary(), nullable=False),
        sa.Column("door", sa.String(length=32), nullable=False),
        sa.Column("rol", sa.String(length=16), nullable=False),
        sa.Column("organisatie", sa.String(length=32), nullable=False),
        sa.Column("voorgesteld_op", Nummer, nullable=False),
        sa.Column("sleutel", sa.String(length=64), nullable=True),
        sa.CheckConstraint(
            "soort IN ('intrekking', 'verbetering', 'tussenvoeging')", name=op.f("ck_correctievoorstel_soort")
        ),
        sa.ForeignKeyConstraint(
            ["datasleutel_id"], ["datasleutel.id"], name=op.f("fk_correctievoorstel_datasleutel_id")
        ),
        sa.ForeignKeyConstraint(["traject_id"], ["trajectnummer.id"], name=op.f("fk_correctievoorstel_traject_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correctievoorstel")),
        sa.UniqueConstraint("sleutel", name=op.f("uq_correctievoorstel_sleutel")),
    )
    with op.batch_alter_table("correctievoorstel", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_correctievoorstel_traject_id"), ["traject_id"], unique=False)

    op.create_table(
        "correctiebesluit",
        sa.Column("id", Nummer, autoincrement=False, nullable=False),
        sa.Column("uitkomst", sa.String(length=16), nullable=False),
        sa.Column("toelichting", sa.LargeBinary(), nullable=True),
        sa.Column("volgnummer", sa.Integer(), nullable=True),
        sa.Column("door", sa.String(length=32), nullable=False),
        sa.Column("rol", sa.String(length=16), nullable=False),
        sa.Column("besloten_op", Nummer, nullable=False),
        sa.CheckConstraint(
            "uitkomst IN ('bevestigd', 'verworpen', 'teruggenomen', 'vervallen')",
            name=op.f("ck_correctiebesluit_uitkomst"),
        ),
        sa.ForeignKeyConstraint(["id"], ["correctievoorstel.id"], name=op.f("fk_correctiebesluit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correctiebesluit")),
    )

    op.create_table(
        "wijziging",
        sa.Column("id", Nummer, autoincrement=True, nullable=False),
        sa.Column("soort", sa.String(length=16), nullable=False),
        sa.Column("daad", sa.String(length=8), nullable=False),
        sa.Column("wat", sa.String(length=120), nullable=False),
        sa.Column("inhoud", sa.String(length=400), nullable=False),
        sa.Column("door", sa.String(length=32), nullable=True),
        sa.Column("vastgelegd_op", Nummer, nullable=False),
        sa.CheckConstraint(
            "soort IN ('kalender', 'rechten', 'rollen', 'kaart', 'schuldeiser')", name=op.f("ck_wijziging_soort")
        ),
        sa.CheckConstraint("daad IN ('erbij', 'weg', 'anders')", name=op.f("ck_wijziging_daad")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wijziging")),
    )

    op.create_table(
        "uitvoer",
        sa.Column("id", Nummer, autoincrement=True, nullable=False),
        sa.Column("soort", sa.String(length=16), nullable=False),
        sa.Column("vorm", sa.String(length=8), nullable=False),
        sa.Column("betreft", sa.String(length=32), nullable=True),
        sa.Column("aantal", sa.Integer(), nullable=False),
        sa.Column("wie", sa.String(length=32), nullable=False),
        sa.Column("vastgelegd_op", Nummer, nullable=False),
        sa.CheckConstraint(
            "soort IN ('werkvoorraad', 'schulden', 'dossier', 'brief', 'stuk', 'levering')",
            name=op.f("ck_uitvoer_soort"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_uitvoer")),
    )
    op.create_index("ix_uitvoer_wie", "uitvoer", ["wie", "id"])

    op.create_table(
        "vervanging",
        sa.Column("id", Nummer, autoincrement=True, nullable=False),
        sa.Column("nummer", sa.String(length=32), nullable=False),
        sa.Column("reden", sa.String(length=64), nullable=False),
        sa.Column("tot_met_dag", sa.Integer(), nullable=True),
        sa.Column("door", sa.String(length=32), nullable=False),
        sa.Column("gemaakt_op", Nummer, nullable=False),
        sa.Column("teruggegeven_door", sa.String(length=32), nullable=True),
        sa.Column("teruggegeven_op", Nummer, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vervanging")),
        sa.UniqueConstraint("nummer", name=op.f("uq_vervanging_nummer")),
    )
    op.create_table(
        "vervangen",
        sa.Column("vervanging_id", Nummer, nullable=False),
        sa.Column("traject_id", Nummer, nullable=False),
        sa.Column("van", sa.String(length=32), nullable=True),
        sa.Column("naar", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(["traject_id"], ["trajectnummer.id"], name=op.f("fk_vervangen_traject_id")),
        sa.ForeignKeyConstraint(["vervanging_id"], ["vervanging.id"], name=op.f("fk_vervangen_vervanging_id")),
        sa.PrimaryKeyConstraint("vervanging_id", "traject_id", name=op.f("pk_vervangen")),
    )
    with op.batch_alter_table("vervangen", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_vervangen_traject_id"), ["traject_id"], unique=False)

    op.create_table(
        "weergave",
        sa.Column("id", Nummer, autoincrement=True, nullable=False),
        sa.Column("medewerker", sa.String(length=32), nullable=False),
        sa.Column("datasleutel_id", Nummer, nullable=False),
        sa.Column("inhoud", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["datasleutel_id"], ["datasleutel.id"], name=op.f("fk_weergave_datasleutel_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_weergave")),
    )
    op.create_index("ix_weergave_medewerker", "weergave", ["medewerker"])
    op.create_table(
        "planpunt",
        sa.Column("id", Nummer, autoincrement=True, nullable=False),
        sa.Column("nummer", sa.String(length=32), nullable=False),
        sa.Column("traject_id", Nummer, nullable=False),
        sa.Column("soort", sa.String(length=16), nullable=False),
        sa.Column("wat", sa.String(length=64), nullable=False),
        sa.Column("vorm", sa.String(length=64), nullable=False),
        sa.Column("wie", sa.String(length=32), nullable=True),
        sa.Column("dag", sa.Integer(), nullable=False),
        sa.Column("van_minuut", sa.Integer(), nullable=True),
        sa.Column("tot_minuut", sa.Integer(), nullable=True),
        sa.Column("stand", sa.String(length=16), nullable=False),
        sa.Column("volgnummer", sa.Integer(), nullable=True),
        sa.Column("uit_volgnummer", sa.Integer(), nullable=True),
        sa.Column("datasleutel_id", Nummer, nullable=True),
        sa.Column("geheim", sa.LargeBinary(), nullable=True),
        sa.Column("door", sa.String(length=32), nullable=False),
        sa.Column("gemaakt_op", Nummer, nullable=False),
        sa.Column("gewijzigd_op", Nummer, nullable=False),
        sa.Column("versie", sa.Integer(), nullable=False),
        sa.Column("sleutel", sa.String(length=64), nullable=True),
        sa.CheckConstraint(
            "soort IN ('gesprek', 'wachten', 'herinnering', 'voornemen')", name=op.f("ck_planpunt_soort")
        ),
        sa.CheckConstraint(
            "stand IN ('open', 'gedaan', 'verzet', 'afgezegd', 'niet_verschenen', 'vervallen')",
            name=op.f("ck_planpunt_stand"),
        ),
        sa.ForeignKeyConstraint(["datasleutel_id"], ["datasleutel.id"], name=op.f("fk_planpunt_datasleutel_id")),
        sa.ForeignKeyConstraint(["traject_id"], ["trajectnummer.id"], name=op.f("fk_planpunt_traject_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_planpunt")),
        sa.UniqueConstraint("nummer", name=op.f("uq_planpunt_nummer")),
        sa.UniqueConstraint("sleutel", name=op.f("uq_planpunt_sleutel")),
    )
    with op.batch_alter_table("planpunt", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_planpunt_traject_id"), ["traject_id"], unique=False)
        batch_op.create_index("ix_planpunt_stand_dag", ["stand", "dag"], unique=False)
        batch_op.create_index("ix_planpunt_dag_wie", ["dag", "wie"], unique=False)

    op.create_table(
        "agendaadres",
        sa.Column("id", Nummer, autoincrement=True, nullable=False),
        sa.Column("wie", sa.String(length=32), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("gemaakt_op", Nummer, nullable=False),
        sa.Column("ingetrokken_op", Nummer, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agendaadres")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_agendaadres_token_hash")),
    )
    with op.batch_alter_table("agendaadres", schema=None) as batch_op:
        batch_op.create_index("ix_agendaadres_wie", ["wie"], unique=False)

    op.create_table(
        "schuldeiser",
        sa.Column("id", Nummer, autoincrement=True, nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("naam", sa.String(length=120), nullable=False),
        sa.Column("soort", sa.String(length=16), nullable=False),
        sa.Column("is_zakelijk", sa.Boolean(), nullable=False),
        sa.Column("kvknummer", sa.String(length=8), nullable=False),
        sa.Column("adres", sa.String(length=120), nullable=False),
        sa.Column("postcode", sa.String(length=8), nullable=False),
        sa.Column("plaats", sa.String(length=80), nullable=False),
        sa.Column("telefoon", sa.String(length=20), nullable=False),
        sa.Column("email", sa.String(length=120), nullable=False),
        sa.Column("is_gemeente", sa.Boolean(), nullable=False),
        sa.Column("is_actief", sa.Boolean(), nullable=False),
        sa.Column("is_voorstel", sa.Boolean(), nullable=False),
        sa.Column("samengevoegd_met", sa.String(length=32), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_schuldeiser")),
        sa.UniqueConstraint("code", name=op.f("uq_schuldeiser_code")),
    )
    op.create_table(
        "schuld",
        sa.Column("id", Nummer, autoincrement=True, nullable=False),
        sa.Column("traject_id", Nummer, nullable=False),
        sa.Column("nummer", sa.Integer(), nullable=False),
        sa.Column("versie", sa.Integer(), nullable=False),
        sa.Column("datasleutel_id", Nummer, nullable=False),
        sa.Column("gegevens", sa.LargeBinary(), nullable=False),
        sa.Column("door", sa.String(length=32), nullable=False),
        sa.Column("vastgelegd_op", Nummer, nullable=False),
        sa.ForeignKeyConstraint(["datasleutel_id"], ["datasleutel.id"], name=op.f("fk_schuld_datasleutel_id")),
        sa.ForeignKeyConstraint(["traject_id"], ["trajectnummer.id"], name=op.f("fk_schuld_traject_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_schuld")),
        sa.UniqueConstraint("traject_id", "nummer", "versie", name=op.f("uq_schuld_traject_id_nummer_versie")),
    )
    op.create_table(
        "persoonswijziging",
        sa.Column("id", Nummer, autoincrement=True, nullable=False),
        sa.Column("persoon_id", Nummer, nullable=False),
        sa.Column("soort", sa.String(length=16), nullable=False),
        sa.Column("velden", sa.String(length=800), nullable=False),
        sa.Column("betreft", sa.String(length=32), nullable=True),
        sa.Column("reden", sa.String(length=32), nullable=True),
        sa.Column("was", sa.LargeBinary(), nullable=True),
        sa.Column("door", sa.String(length=32), nullable=True),
        sa.Column("vastgelegd_op", Nummer, nullable=False),
        sa.CheckConstraint(
            "soort IN ('gegevens', 'samenvoeging', 'losgemaakt', 'getoond')", name=op.f("ck_persoonswijziging_soort")
        ),
        sa.ForeignKeyConstraint(
            ["persoon_id"], ["persoon.id"], name=op.f("fk_persoonswijziging_persoon_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_persoonswijziging")),
    )
    op.create_index("ix_persoonswijziging_persoon_id", "persoonswijziging", ["persoon_id"])
    op.create_table(
        "afscherming",
        sa.Column("id", Nummer, autoincrement=True, nullable=False),
        sa.Column("wortel_id", Nummer, nullable=False),
        sa.Column("soort", sa.String(length=8), nullable=False),
        sa.Column("reden", sa.String(length=32), nullable=False),
        sa.Column("tot_dag", sa.Integer(), nullable=True),
        sa.Column("volgt_op", Nummer, nullable=True),
        sa.Column("door", sa.String(length=32), nullable=False),
        sa.Column("vastgelegd_op", Nummer, nullable=False),
        sa.CheckConstraint("soort IN ('alleen', 'niet')", name=op.f("ck_afscherming_soort")),
        sa.ForeignKeyConstraint(["volgt_op"], ["afscherming.id"], name=op.f("fk_afscherming_volgt_op")),
        sa.ForeignKeyConstraint(["wortel_id"], ["trajectnummer.id"], name=op.f("fk_afscherming_wortel_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_afscherming")),
    )
    op.create_index("ix_afscherming_wortel_id", "afscherming", ["wortel_id"])
    op.create_table(
        "afscherming_lid",
        sa.Column("afscherming_id", Nummer, nullable=False),
        sa.Column("medewerker", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["afscherming_id"], ["afscherming.id"], name=op.f("fk_afscherming_lid_afscherming_id")),
        sa.PrimaryKeyConstraint("afscherming_id", "medewerker", name=op.f("pk_afscherming_lid")),
    )
    op.create_table(
        "afscherming_einde",
        sa.Column("id", Nummer, autoincrement=False, nullable=False),
        sa.Column("reden", sa.String(length=32), nullable=False),
        sa.Column("door", sa.String(length=32), nullable=False),
        sa.Column("vastgelegd_op", Nummer, nullable=False),
        sa.ForeignKeyConstraint(["id"], ["afscherming.id"], name=op.f("fk_afscherming_einde_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_afscherming_einde")),
    )
    op.create_table(
        "inzage",
        sa.Column("id", Nummer, autoincrement=True, nullable=False),
        sa.Column("wortel_id", Nummer, nullable=False),
        sa.Column("medewerker", sa.String(length=32), nullable=False),
        sa.Column("reden", sa.String(length=32), nullable=False),
        sa.Column("vastgelegd_op", Nummer, nullable=False),
        sa.Column("tot", Nummer, nullable=False),
        sa.ForeignKeyConstraint(["wortel_id"], ["trajectnummer.id"], name=op.f("fk_inzage_wortel_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inzage")),
    )
    op.create_index("ix_inzage_wortel_id", "inzage", ["wortel_id"])
    dringend = sa.text("coalesce(vervaldag, 99999)")
    op.create_index("ix_traject_voorraad_dringend", "traject", ["in_werkvoorraad", dringend, "id"])
    op.create_index("ix_traject_eigen_dringend", "traject", ["in_werkvoorraad", "behandelaar", dringend, "id"])
    _make_letters()
    dialect = op.get_bind().dialect.name
    for opdracht in (*TRIGGERS[dialect], *TRIGGERS_BRIEF[dialect]):
        op.execute(sa.DDL(opdracht.replace("%", "%%")))


def downgrade() -> None:
    raise NotImplementedError("the first version is not taken away: the log stands in it")
