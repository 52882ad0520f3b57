import type { Country } from './places.ts';

/** Family names by country, the common ones first. */
export const familyNames: Record<Country, readonly string[]> = {
  GB: words(`Smith Jones Taylor Brown Williams Wilson Johnson Davies Robinson Wright Thompson Evans Walker White
    Roberts Green Hall Wood Jackson Clarke Lewis Patel Thomas Cooper Hill Ward Turner Martin Khan Morris Harris
    King Baker Allen Scott Morgan Lee James Phillips Bennett Parker Cook Watson Shaw Price Bailey Singh Young
    Carter Griffiths Richardson Edwards Bell Collins Ali Murphy Mitchell Kelly Adams Begum Hughes Miller Ellis
    Marshall Davis Chapman Mason Hussain Wilkinson Simpson Moore Anderson Campbell Stevens Foster Palmer Mills
    Rogers Russell Gray Graham Stewart Webb Murray Barnes Matthews Knight Hunt Lloyd Holmes Butler Fisher Powell
    Fletcher Dixon Stone Gibson Pearce Hudson Harvey Barker Rose Reynolds Fox Walsh Reid Armstrong Gordon Day
    Payne Lawrence Francis West Dean Cole Burton Hart Watts Ryan Carr Kaur Ford Woods Spencer Saunders Hunter
    Elliott Riley Andrews Arnold Atkinson Austin Ball Barrett Bates Berry Bird Black Booth Bradley Bradshaw
    Brooks Bryant Burgess Burke Burns Burrows Carroll Chambers Chandler Clayton Coleman Connolly Cox Crawford
    Cross Cunningham Curtis Dawson Douglas Doyle Duncan Dunn Farrell Ferguson Fleming Flynn Francombe Freeman
    French Frost Fuller Gardiner Gardner George Gibbs Gilbert Giles Gill Goodwin Gough Grant Greenwood Gregory
    Griffin Hale Hamilton Hammond Hancock Hardy Harper Harrison Hartley Hayes Haynes Heath Henderson Hewitt
    Hicks Hobbs Hodgson Holland Hopkins Horton Houghton Howard Howe Howell Humphreys Hurst Hutchinson Ingram
    Jarvis Jennings Jordan Kemp Kennedy Kent Kirby Lamb Lambert Lane Law Lawson Leach Long Lowe Lucas Lynch
    MacDonald Mann Manning Marsh May McCarthy McDonald McKenzie Mellor Metcalfe Middleton Miles Moss Myers
    Nash Newman Newton Nicholls Nixon Norman North Norton O'Brien O'Connor O'Neill Oliver Osborne Owen Page
    Parsons Parry Pearson Perkins Perry Peters Pickering Pollard Poole Potter Pratt Preston Read Rees Rhodes
    Rowe Sanders Savage Sharp Shepherd Short Slater Stanley Steele Stephens Stevenson Sutton Swift Sykes
    Talbot Tanner Thornton Todd Townsend Tucker Tyler Vaughan Vincent Wade Wall Wallace Walters Warner Warren
    Waters Weaver Webster Weston Wheeler Whitehead Wilkins Willis Winter Woodward Yates Smythe-Jones
    Barrington-Hale Ashworth-Lee`),
  IE: words(`Murphy Kelly O'Sullivan Walsh Smith O'Brien Byrne Ryan O'Connor O'Neill O'Reilly Doyle McCarthy
    Gallagher Doherty Kennedy Lynch Murray Quinn Moore McLoughlin O'Carroll Connolly Daly Wilson Dunne Brennan
    Burke Collins Campbell Clarke Johnston Hughes Farrell Fitzgerald Brown Martin Maguire Nolan Flynn Thompson
    Callaghan O'Donnell Duffy O'Mahony Boyle Healy O'Shea White Sweeney Hayes Kavanagh Power McGrath Moran`),
  DE: words(`Müller Schmidt Schneider Fischer Weber Meyer Wagner Becker Schulz Hoffmann Schäfer Koch Bauer Richter
    Klein Wolf Schröder Neumann Schwarz Zimmermann Braun Krüger Hofmann Hartmann Lange Schmitt Werner Krause
    Meier Lehmann Schmid Schulze Maier Köhler Herrmann König Walter Mayer Huber Kaiser Fuchs Peters Lang Scholz
    Möller Weiß Jung Hahn Schubert Vogel Friedrich Keller Günther Frank Berger Winkler Roth Beck Lorenz Baumann
    Franke Albrecht Schuster Simon Ludwig Böhm Winter Kraus Martin Schumacher Krämer Vogt Stein Jäger Otto
    Groß Sommer Demir Seidel Heinrich Brandt Haas Schreiber Graf Dietrich Ziegler Kuhn Kühn Pohl Engel Horn
    Busch Bergmann Thomas Voigt Sauer Arnold Wolff Pfeiffer`),
  FR: words(`Martin Bernard Dubois Thomas Robert Richard Petit Durand Leroy Moreau Simon Laurent Lefèvre Michel
    Garcia David Bertrand Roux Vincent Fournier Morel Girard André Mercier Dupont Lambert Bonnet François
    Martinez Legrand Garnier Faure Rousseau Blanc Guérin Müller Henry Roussel Nicolas Perrin Morin Mathieu
    Clément Gauthier Dumont Lopez Fontaine Chevalier Robin Masson Sanchez Gérard Nguyen Boyer Denis Lemaire
    Duval Joly Gautier Roger Roche Noël Meyer Lucas Meunier Jean Marchand Dufour Blanchard Brun Barbier`),
};

function words(text: string): string[] {
  return text.trim().split(/\s+/);
}
